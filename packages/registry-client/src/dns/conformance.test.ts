import { after, test } from 'node:test';
import { type DiscoveryHarness, describeDiscovery, describeRegistrar } from '@flotilla/conformance';
import { ConsulShelf, fakeDns, findConsul, frontOf, startConsul } from '@flotilla/conformance/registries';
import { type Endpoint, isServed, type Registration } from '@flotilla/contracts';
import { FakeClock, freePort, recordingLogger } from '@flotilla/testing';
import { endpointAt } from '../list/place.ts';
import { discoveryFor, registrarFor } from '../registry-for.ts';

// Before all else: a test file ends with the tests that it knows of.
const consul = findConsul();
const server = consul.kind === 'found' ? await startConsul({ path: consul.path }) : undefined;
if (server !== undefined) after(() => server[Symbol.asyncDispose]());

describeRegistrar('the registrar of names in DNS', async () => ({
  registrar: registrarFor('dns:///{service}.example?port=80', { logger: recordingLogger() }),
  clock: new FakeClock(),
  isIdle: () => true,
  [Symbol.asyncDispose]: async () => {},
}));

describeDiscovery('the discovery of names in DNS', async () => {
  const dns = fakeDns(await freePort());
  const instances = new Map<string, Registration>();
  dns.answer = ({ name, type }) => {
    const [service, zone] = name.split('.');
    const list = [...instances.values()].filter((one) => one.name === service && isServed(one.status ?? 'passing'));
    if (zone !== 'service' || type !== 'SRV' || list.length === 0) return { code: 3, negativeTtl: 60 };
    const target = ({ id = '' }: Registration): string => `${id}.node.example`;
    return {
      answers: list.map((one) => ({ type: 'SRV', port: one.port, weight: one.weight ?? 1, target: target(one) })),
      additionals: list.map((one) => {
        const { address } = one;
        return { type: address.includes(':') ? 'AAAA' : 'A', name: target(one), address };
      }),
    };
  };
  await dns.start();
  const harness = discovering(dns.port, 'service.example');
  return {
    ...harness,
    put: (registration) => void instances.set(`${registration.name}/${registration.id}`, registration),
    remove: (service, id) => void instances.delete(`${service}/${id}`),
    stop: () => dns.stop(),
    start: () => dns.start(),
    async [Symbol.asyncDispose]() {
      await harness[Symbol.asyncDispose]();
      await dns.stop();
    },
  };
});

if (consul.kind === 'missing') test("the kind dns with Consul's names", { skip: consul.reason }, () => {});

if (server !== undefined)
  describeDiscovery("the discovery of Consul's names in DNS", async () => {
    const shelf = new ConsulShelf(server.url);
    await shelf.clear();
    const front = await frontOf(server.dnsPort);
    // Consul answers over TCP; where nobody does, UDP is tried, and nobody is there either.
    const harness = discovering(front.port, 'service.consul');
    return {
      ...harness,
      put: (registration) => shelf.put(registration),
      remove: (service, id) => shelf.remove(service, id),
      stop: () => front.stop(),
      start: () => front.start(),
      async [Symbol.asyncDispose]() {
        await harness[Symbol.asyncDispose]();
        await front[Symbol.asyncDispose]();
      },
    };
  });

type Following = Pick<DiscoveryHarness, 'discovery' | 'clock' | 'isIdle' | 'shown' | typeof Symbol.asyncDispose>;

function discovering(port: number, zone: string): Following {
  const clock = new FakeClock();
  const url = `dns://127.0.0.1:${port}/{service}.${zone}`;
  const discovery = discoveryFor(url, { clock, logger: recordingLogger() });
  // Time stands still while a question is on its way: it may take 3 s.
  const isIdle = (): boolean => !clock.pendingDelaysMs.includes(3_000);
  const time = setInterval(() => {
    if (isIdle()) clock.advance(1_000);
  }, 2);
  return {
    discovery,
    clock,
    isIdle,
    shown: ({ address, port: of, weight }): Endpoint => endpointAt({ address, port: of, weight }),
    async [Symbol.asyncDispose]() {
      clearInterval(time);
      await discovery.close();
    },
  };
}
