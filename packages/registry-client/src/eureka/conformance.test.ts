import { after, test } from 'node:test';
import {
  type AnnouncingRegistrarHarness,
  countedTransport,
  type DiscoveryHarness,
  describeAnnouncingRegistrar,
  describeDiscovery,
  RealRegistry,
} from '@flotilla/conformance';
import { EurekaShelf, findEureka, frontOf, startEureka } from '@flotilla/conformance/registries';
import { nodeTransport } from '@flotilla/contracts/http-client';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import { discoveryFor, registrarFor } from '../registry-for.ts';

// Before all else: a test file ends with the tests that it knows of.
const eureka = findEureka();
const server = eureka.kind === 'found' ? await startEureka({ path: eureka.path }) : undefined;
if (server !== undefined) after(() => server[Symbol.asyncDispose]());
const own = new RealRegistry();
await own.start();
after(() => own[Symbol.asyncDispose]());

if (eureka.kind === 'missing') test('the kind eureka at a real Eureka', { skip: eureka.reason }, () => {});
if (server !== undefined) describeKind('Eureka', server);
describeKind('the registry with the API of Eureka', { url: `${own.url}/eureka`, port: own.port });

function describeKind(name: string, { url, port }: { readonly url: string; readonly port: number }): void {
  const shelf = new EurekaShelf(url);
  describeAnnouncingRegistrar(`the registrar of ${name}`, () => announcing(port, shelf));
  describeDiscovery(`the discovery of ${name}`, () => discovering(port, shelf));
}

async function announcing(port: number, shelf: EurekaShelf): Promise<AnnouncingRegistrarHarness> {
  await shelf.clear();
  const front = await frontOf(port);
  const clock = new FakeClock();
  const logger = recordingLogger();
  const inner = nodeTransport();
  let renewals = 0;
  const { transport, isIdle } = countedTransport({
    ...inner,
    async send(call) {
      const answer = await inner.send(call);
      if (call.method === 'PUT' && answer.status === 200) renewals += 1;
      return answer;
    },
  });
  const url = `eureka+http://127.0.0.1:${front.port}/eureka`;
  return {
    registrar: registrarFor(url, { clock, transport, logger }),
    clock,
    isIdle,
    registeredIds: (service) => shelf.ids(service),
    renewals: () => renewals,
    find: (service, id) => shelf.find(service, id),
    takeOver: (registration) => shelf.put(registration, 'another process'),
    warnings: () => logger.messages('warn'),
    forget: () => shelf.clear(),
    stop: () => front.stop(),
    start: () => front.start(),
    [Symbol.asyncDispose]: () => front[Symbol.asyncDispose](),
  };
}

async function discovering(port: number, shelf: EurekaShelf): Promise<DiscoveryHarness> {
  await shelf.clear();
  const front = await frontOf(port);
  const clock = new FakeClock();
  const { transport, isIdle } = countedTransport(nodeTransport());
  const url = `eureka+http://127.0.0.1:${front.port}/eureka`;
  const discovery = discoveryFor(url, { clock, transport, logger: recordingLogger() });
  // Each look at the clock takes a second, so what asks by the clock asks.
  const time = setInterval(() => {
    if (isIdle()) clock.advance(1_000);
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
