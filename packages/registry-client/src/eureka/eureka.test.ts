import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { advanceUntil, countedTransport, type Timed } from '@flotilla/conformance';
import { type ScriptedHttp, scriptedHttp } from '@flotilla/conformance/registries';
import type { Discovery } from '@flotilla/contracts';
import { nodeTransport } from '@flotilla/contracts/http-client';
import { FakeClock, type RecordingLogger, recordingLogger } from '@flotilla/testing';
import { discoveryFor, registrarFor, registryUrls } from '../registry-for.ts';

/** A Eureka server that a test writes: its instances, what has changed, and what is odd about it. */
interface Written {
  all: readonly object[];
  delta: readonly object[];
  hash: string;
  /** Answers `apps/delta` with 403. */
  isDeltaOff?: boolean;
}

function instance(port: number, extra: object = {}): object {
  return {
    ...{ instanceId: `ships-${port}`, app: 'SHIPS', hostName: '10.0.0.1', ipAddr: '10.0.0.1', status: 'UP' },
    ...{ port: { $: port, '@enabled': 'true' }, securePort: { $: 443, '@enabled': 'false' }, vipAddress: 'ships' },
    metadata: { '@class': 'java.util.Collections$EmptyMap' },
    ...extra,
  };
}

function applications(instances: readonly object[], hash: string): object {
  return {
    applications: { versions__delta: '1', apps__hashcode: hash, application: [{ name: 'SHIPS', instance: instances }] },
  };
}

async function writtenEureka(t: TestContext, written: Written): Promise<ScriptedHttp> {
  return await scriptedHttp(t, ({ path }) => {
    if (path === '/eureka/apps') return { body: applications(written.all, written.hash) };
    if (path !== '/eureka/apps/delta') return { status: 404 };
    return written.isDeltaOff === true ? { status: 403 } : { body: applications(written.delta, written.hash) };
  });
}

interface Following extends Timed {
  readonly discovery: Discovery;
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  told(service?: string): string;
}

function follow(t: TestContext, servers: readonly ScriptedHttp[], token?: string): Following {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const { transport, isIdle } = countedTransport(nodeTransport());
  const url = servers.map(({ host }) => `eureka+http://${host}/eureka`).join();
  const discovery = discoveryFor(url, { clock, logger, transport, token, random: () => 0.5 });
  t.after(() => discovery.close());
  const told = (service = 'ships'): string => {
    const { state, endpoints } = discovery.snapshot(service);
    return `${state}: ${endpoints.map(({ port }) => port).join()}`;
  };
  return { discovery, clock, isIdle, logger, told };
}

test('reads everything once, then only changes, one answer for all services', async (t) => {
  const written: Written = { all: [instance(1), instance(2, { status: 'DOWN' })], delta: [], hash: 'DOWN_1_UP_1_' };
  const server = await writtenEureka(t, written);
  const harness = follow(t, [server]);
  await advanceUntil('known', harness, () => harness.told() === 'fresh: 1' && harness.told('boats') === 'fresh: ');
  written.delta = [instance(3, { actionType: 'ADDED' }), instance(2, { status: 'UP', actionType: 'MODIFIED' })];
  written.hash = 'UP_3_';
  await advanceUntil('changed', harness, () => harness.told() === 'fresh: 1,2,3');
  written.delta = [instance(1, { actionType: 'DELETED' })];
  written.hash = 'UP_2_';
  await advanceUntil('deleted', harness, () => harness.told() === 'fresh: 2,3');
  const full = server.requests.filter(({ path }) => path === '/eureka/apps');
  assert.equal(full.length, 1);
  const startMs = harness.clock.monotonicMs();
  const before = server.requests.length;
  await advanceUntil('a minute', harness, () => harness.clock.monotonicMs() - startMs > 60_000);
  // Every 5 s, for both services.
  assert.ok(server.requests.length - before <= 26, String(server.requests.length - before));
});

test('where the hash is another, everything is read again', async (t) => {
  const written: Written = { all: [instance(1)], delta: [], hash: 'UP_1_' };
  const server = await writtenEureka(t, written);
  const harness = follow(t, [server]);
  await advanceUntil('known', harness, () => harness.told() === 'fresh: 1');
  written.all = [instance(1), instance(2)];
  written.hash = 'UP_2_';
  await advanceUntil('read again', harness, () => harness.told() === 'fresh: 1,2');
});

test('an instance that vanishes without a delta was forgotten by the server: it stays in use until it is back, or for 90 s', async (t) => {
  const written: Written = { all: [instance(1), instance(2)], delta: [], hash: 'UP_2_' };
  const server = await writtenEureka(t, written);
  const harness = follow(t, [server]);
  await advanceUntil('known', harness, () => harness.told() === 'fresh: 1,2');
  // Restarted.
  Object.assign(written, { all: [], delta: [], hash: '' });
  await advanceUntil('stale', harness, () => harness.told() === 'stale: 1,2');
  Object.assign(written, { delta: [instance(2, { actionType: 'ADDED' })], hash: 'UP_1_' });
  const lostMs = harness.clock.monotonicMs();
  await advanceUntil('one is back', harness, () => harness.told() === 'stale: 1,2' && written.delta.length === 1);
  await advanceUntil('the other is given up', harness, () => harness.told() === 'fresh: 2');
  const tookMs = harness.clock.monotonicMs() - lostMs;
  assert.ok(tookMs > 80_000 && tookMs < 100_000, String(tookMs));
});

test('a peer that knows less than the one before takes nobody out of use at once', async (t) => {
  const first = await writtenEureka(t, { all: [instance(1), instance(2)], delta: [], hash: 'UP_2_' });
  const second = await writtenEureka(t, { all: [instance(2)], delta: [], hash: 'UP_1_' });
  const harness = follow(t, [first, second]);
  await advanceUntil('known', harness, () => harness.told() === 'fresh: 1,2');
  first.script = () => ({ status: 503 });
  await advanceUntil('the other peer', harness, () => harness.told() === 'stale: 1,2');
});

test('a server without deltas is read in full each time, and believed', async (t) => {
  const written: Written = { all: [instance(1)], delta: [], hash: 'UP_1_', isDeltaOff: true };
  const harness = follow(t, [await writtenEureka(t, written)]);
  await advanceUntil('known', harness, () => harness.told() === 'fresh: 1');
  Object.assign(written, { all: [instance(2)] });
  await advanceUntil('the other', harness, () => harness.told() === 'fresh: 2');
});

test('understands how other servers and clients write instances', async (t) => {
  const odd = [
    // One instance instead of a list, numbers for texts, HTTPS only, a virtual address, a host name that is none.
    instance(1, { securePort: { $: '8443', '@enabled': true }, port: { $: 80, '@enabled': 'false' } }),
    instance(2, { app: 'FLEET', vipAddress: 'boats,Ships', hostName: 'no host', port: 2, securePort: null }),
  ];
  const body = { applications: { application: [{ instance: odd[0] }, { instance: [odd[1]] }] } };
  const server = await scriptedHttp(t, ({ path }) => (path === '/eureka/apps' ? { body } : { status: 404 }));
  const harness = follow(t, [server]);
  await advanceUntil('known', harness, () => harness.told() === 'fresh: 8443,2');
  const [first, second] = harness.discovery.snapshot('ships').endpoints;
  assert.deepEqual(
    [first?.scheme, first?.metadata, second?.scheme, second?.address],
    ['https', {}, 'http', '10.0.0.1'],
  );
});

test('shows a login and logs it nowhere; a token alone is a password', async (t) => {
  const server = await scriptedHttp(t, () => ({ status: 401, body: { error: 'Unauthorized' } }));
  for (const [token, login] of [
    ['crew:hunter2', 'crew:hunter2'],
    ['hunter2', 'flotilla:hunter2'],
  ] as const) {
    const harness = follow(t, [server], token);
    harness.discovery.snapshot('ships');
    await advanceUntil('told', harness, () => harness.logger.messages('warn').length === 1);
    const sent = server.requests.at(-1)?.headers.authorization;
    assert.equal(sent, `Basic ${Buffer.from(login).toString('base64')}`);
    assert.match(JSON.stringify(harness.logger.lines), /Eureka answered 401: Unauthorized. Set REGISTRY_TOKEN/);
    assert.doesNotMatch(JSON.stringify(harness.logger.lines), /hunter2/);
  }
});

test('a wrong path is noticed and told, by registrar and discovery', async (t) => {
  const server = await scriptedHttp(t, () => ({ status: 404, body: '<html>' }));
  const harness = follow(t, [server]);
  harness.discovery.snapshot('ships');
  await advanceUntil('told', harness, () => harness.logger.messages('warn').length === 1);
  const registrar = registrarFor(`eureka+http://${server.host}/eureka`, { ...harness, transport: nodeTransport() });
  const active = registrar.register({ name: 'ships', address: '127.0.0.1', port: 1 });
  await advanceUntil('told twice', harness, () => harness.logger.messages('warn').length === 2);
  assert.match(JSON.stringify(harness.logger.lines), /Eureka answered 404; is this the address of a Eureka server\?/);
  active.handOver();
});

test('a URL of Eureka names port and path', () => {
  for (const [url, problem] of [
    ['eureka+http://a/eureka', 'names no port'],
    ['eureka+http://a:8761', 'has no path: most Eureka servers answer below /eureka'],
    ['eureka+http://a:8761/eureka/apps/', 'ends in /apps: remove that'],
    ['eureka+http://a:8761/eureka?x=y', 'has a part after "?": remove it'],
    ['eureka+http://u:p@a:8761/eureka', 'contains a login: remove it, and set REGISTRY_TOKEN instead'],
    [
      'eureka+http://a:8761/eureka,http://b:8761/eureka',
      'does not begin with eureka+http:// or eureka+https:// (URL 2)',
    ],
    ['eureka+http://a:8761/eureka,eureka+https://b:443/eureka/v2/', undefined],
  ] as const)
    assert.equal(registryUrls.problemOf(url), problem, url);
});
