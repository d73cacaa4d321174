import { after, test } from 'node:test';
import {
  type AnnouncingRegistrarHarness,
  countedTransport,
  type DiscoveryHarness,
  describeAnnouncingRegistrar,
  describeDiscovery,
  RealRegistry,
} from '@flotilla/conformance';
import { ConsulShelf, findConsul, frontOf, startConsul } from '@flotilla/conformance/registries';
import { nodeTransport, type Transport } from '@flotilla/contracts/http-client';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import { discoveryFor, registrarFor } from '../registry-for.ts';

// Before all else: a test file ends with the tests that it knows of.
const consul = findConsul();
const server = consul.kind === 'found' ? await startConsul({ path: consul.path }) : undefined;
if (server !== undefined) after(() => server[Symbol.asyncDispose]());
const own = new RealRegistry();
await own.start();
after(() => own[Symbol.asyncDispose]());

if (consul.kind === 'missing') test('the kind consul at a real Consul', { skip: consul.reason }, () => {});
if (server !== undefined) describeKind('Consul', server);
describeKind('the registry with the API of Consul', own);

function describeKind(name: string, { url, port }: { readonly url: string; readonly port: number }): void {
  const shelf = new ConsulShelf(url);
  describeAnnouncingRegistrar(`the registrar of ${name}`, () => announcing(port, shelf));
  describeDiscovery(`the discovery of ${name}`, () => discovering(port, shelf));
}

async function announcing(port: number, shelf: ConsulShelf): Promise<AnnouncingRegistrarHarness> {
  await shelf.clear();
  const front = await frontOf(port);
  const clock = new FakeClock();
  const logger = recordingLogger();
  const renewals = countedRenewals(nodeTransport());
  const { transport, isIdle } = countedTransport(renewals.transport);
  return {
    registrar: registrarFor(`consul+http://127.0.0.1:${front.port}`, { clock, transport, logger }),
    clock,
    isIdle,
    registeredIds: (service) => shelf.ids(service),
    renewals: () => renewals.count(),
    find: (_service, id) => shelf.find(id),
    takeOver: (registration) => shelf.put(registration, 'another process'),
    warnings: () => logger.messages('warn'),
    forget: () => shelf.clear(),
    stop: () => front.stop(),
    start: () => front.start(),
    [Symbol.asyncDispose]: () => front[Symbol.asyncDispose](),
  };
}

async function discovering(port: number, shelf: ConsulShelf): Promise<DiscoveryHarness> {
  await shelf.clear();
  const front = await frontOf(port);
  const clock = new FakeClock();
  const { transport, isIdle } = countedTransport(nodeTransport());
  const url = `consul+http://127.0.0.1:${front.port}`;
  const discovery = discoveryFor(url, { clock, transport, logger: recordingLogger() });
  // Between two questions time goes on by itself; while Consul holds one, it stands still.
  const time = setInterval(() => {
    const [nextMs] = clock.pendingDelaysMs;
    if (isIdle() && nextMs !== undefined && nextMs <= 1_000) clock.advance(nextMs);
  }, 2);
  return {
    discovery,
    clock,
    isIdle,
    put: (registration) => shelf.put(registration),
    remove: (service, id) => shelf.remove(service, id),
    stop: () => front.stop(),
    start: () => front.start(),
    async [Symbol.asyncDispose]() {
      clearInterval(time);
      await discovery.close();
      await front[Symbol.asyncDispose]();
    },
  };
}

function countedRenewals(inner: Transport): { readonly transport: Transport; count(): number } {
  let renewals = 0;
  return {
    count: () => renewals,
    transport: {
      ...inner,
      async send(call) {
        const answer = await inner.send(call);
        if (call.url.pathname.includes('/check/pass/') && answer.status === 200) renewals += 1;
        return answer;
      },
    },
  };
}
