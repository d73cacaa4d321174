import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  advanceUntil,
  countedTransport,
  eventText,
  type FakeRegistry,
  fakeRegistry,
  rawUpstream,
  type Timed,
} from '@flotilla/conformance';
import type { Discovery } from '@flotilla/contracts';
import { nodeTransport } from '@flotilla/contracts/http-client';
import { FakeClock, type RecordingLogger, recordingLogger, waitUntil } from '@flotilla/testing';
import { discoveryFor } from '../registry-for.ts';

interface Setup extends Timed, AsyncDisposable {
  readonly discovery: Discovery;
  readonly logger: RecordingLogger;
}

function setUp(registryUrl: string): Setup {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const { transport, isIdle } = countedTransport(nodeTransport());
  const discovery = discoveryFor(registryUrl, { clock, logger, transport, random: () => 0.5 });
  return { discovery, clock, logger, isIdle, [Symbol.asyncDispose]: () => discovery.close() };
}

const soon = (): AbortSignal => AbortSignal.timeout(20_000);
const ship = (id: string): Parameters<FakeRegistry['put']>[0] => ({
  name: 'ships',
  id,
  address: '127.0.0.1',
  port: id.charCodeAt(0),
});

function ids(discovery: Discovery, service = 'ships'): string {
  return discovery
    .snapshot(service)
    .endpoints.map((one) => one.id)
    .join();
}

test('services requested together share one stream, and one requested later joins them in a new one', async () => {
  await using registry = await fakeRegistry();
  registry.put(ship('a'));
  await using its = setUp(registry.url);
  for (const service of ['ships', 'boats', 'ships']) its.discovery.snapshot(service);
  await its.discovery.whenKnown('ships', soon());
  assert.deepEqual(
    registry.watches.map(({ services, from }) => ({ services, from })),
    [{ services: ['boats', 'ships'], from: undefined }],
  );
  await its.discovery.whenKnown('rafts', soon());
  await waitUntil('only the new stream is open', () => registry.watches.filter((watch) => watch.isOpen).length === 1);
  assert.deepEqual(registry.watches[1]?.services, ['boats', 'rafts', 'ships']);
  assert.equal(registry.watches.length, 2);
  assert.equal(its.clock.pendingDelaysMs.length, 1, 'only the watch for silence is left');
});

test('resumes where it stopped: the revision of the last event, or of the last bookmark', async () => {
  await using registry = await fakeRegistry();
  registry.put(ship('a'));
  await using its = setUp(registry.url);
  await its.discovery.whenKnown('ships', soon());
  registry.put({ ...ship('x'), name: 'unrelated' });
  registry.bookmark();
  registry.put({ ...ship('y'), name: 'unrelated' });
  registry.watches[0]?.send(eventText({ type: 'bookmark', revision: 1 }));
  registry.put(ship('b'));
  await waitUntil('b is there', () => ids(its.discovery) === 'a,b');
  await registry.stop();
  await waitUntil('stale', () => its.discovery.snapshot('ships').state === 'stale');
  await registry.start();
  await advanceUntil('fresh', its, () => its.discovery.snapshot('ships').state === 'fresh');
  assert.equal(registry.watches[1]?.from, 4);
  assert.equal(ids(its.discovery), 'a,b');
});

for (const [what, revision] of [
  ['lower', 1],
  ['higher', 1_000],
] as const) {
  test(`keeps instances that a registry with another history and a ${what} revision does not know, and believes it in the end`, async () => {
    await using registry = await fakeRegistry();
    for (const id of ['a', 'b', 'c']) registry.put(ship(id));
    await using its = setUp(registry.url);
    await its.discovery.whenKnown('ships', soon());
    await registry.stop();
    registry.forget(revision);
    registry.put(ship('d'));
    await registry.start();
    await advanceUntil('the new contents are known', its, () => ids(its.discovery) === 'a,b,c,d');
    assert.equal(its.discovery.snapshot('ships').state, 'stale');
    registry.put(ship('b'));
    registry.put(ship('e'));
    await waitUntil('its events count', () => ids(its.discovery) === 'a,b,c,d,e');
    assert.equal(its.logger.messages('warn').filter((line) => line.includes('lost its data')).length, 1);
    await its.clock.advanceAsync(30_000);
    registry.put(ship('f'));
    await waitUntil('f is there', () => ids(its.discovery) === 'a,b,c,d,e,f');
    await its.clock.advanceAsync(30_000);
    assert.equal(ids(its.discovery), 'b,d,e,f');
    assert.equal(its.discovery.snapshot('ships').state, 'fresh');
  });
}

test('a stream that is silent for two and a half heartbeats is lost; a comment is a sign of life', async () => {
  await using registry = await fakeRegistry();
  registry.put(ship('a'));
  await using its = setUp(registry.url);
  await its.discovery.whenKnown('ships', soon());
  its.clock.advance(37_499);
  registry.watches[0]?.send(': still here\n\n');
  registry.put(ship('b'));
  await waitUntil('b is there', () => ids(its.discovery) === 'a,b');
  await its.clock.advanceAsync(37_499);
  registry.put(ship('c'));
  await waitUntil('the stream still works', () => ids(its.discovery) === 'a,b,c');
  assert.equal(registry.watches.length, 1);
  await its.clock.advanceAsync(37_499);
  assert.equal(its.discovery.snapshot('ships').state, 'fresh');
  its.clock.advance(1);
  await waitUntil('stale', () => its.discovery.snapshot('ships').state === 'stale');
  assert.equal(ids(its.discovery), 'a,b,c');
  await advanceUntil('another stream is open', its, () => registry.watches.length === 2);
  await waitUntil('fresh', () => its.discovery.snapshot('ships').state === 'fresh');
});

test('an outage is logged once, and its end once, however long it lasts', async () => {
  await using registry = await fakeRegistry();
  await using its = setUp(registry.url);
  await its.discovery.whenKnown('ships', soon());
  await registry.stop();
  await advanceUntil('ten minutes have passed', its, () => its.clock.monotonicMs() > 600_000);
  await registry.start();
  await advanceUntil('fresh', its, () => its.discovery.snapshot('ships').state === 'fresh');
  assert.equal(its.logger.messages('warn').length, 1);
  assert.match(
    String(its.logger.lines.find((line) => line.level === 'warn')?.fields['reason']),
    /nothing listens there/,
  );
  assert.deepEqual(its.logger.messages('info'), ['watching the registry again']);
});

test('a registry that ends each stream at once is asked less and less often', async () => {
  let connections = 0;
  await using server = await rawUpstream(async (connection) => {
    connections += 1;
    await connection.request();
    connection.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n');
    connection.end();
  });
  await using its = setUp(`http://127.0.0.1:${server.port}`);
  its.discovery.snapshot('ships');
  await advanceUntil('a minute has passed', its, () => its.clock.monotonicMs() > 60_000);
  assert.ok(connections < 80, `${connections} connections in a minute`);
  assert.equal(its.discovery.snapshot('ships').state, 'unknown');
});

test('ignores unknown kinds of events, and treats nonsense as a lost connection', async () => {
  await using registry = await fakeRegistry();
  registry.put(ship('a'));
  await using its = setUp(registry.url);
  await its.discovery.whenKnown('ships', soon());
  registry.watches[0]?.send('event: drumroll\ndata: not even JSON\n\n');
  registry.put(ship('b'));
  await waitUntil('b is there', () => ids(its.discovery) === 'a,b');
  registry.watches[0]?.send('event: put\ndata: {"type":"put","revision":"seven"}\n\n');
  await waitUntil('stale', () => its.discovery.snapshot('ships').state === 'stale');
  assert.equal(ids(its.discovery), 'a,b');
  await advanceUntil('fresh', its, () => its.discovery.snapshot('ships').state === 'fresh');
});

test('a listener that fails is reported; others still hear of the change, and the watch continues', async () => {
  await using registry = await fakeRegistry();
  await using its = setUp(registry.url);
  const seen: string[] = [];
  let calls = 0;
  its.discovery.watch('ships', () => {
    calls += 1;
    if (calls > 1) throw new Error('a defect');
  });
  its.discovery.watch('ships', () => seen.push(ids(its.discovery)));
  await its.discovery.whenKnown('ships', soon());
  registry.put(ship('a'));
  await waitUntil('the other listener was told', () => seen.includes('a'));
  assert.deepEqual(its.logger.messages('error'), ['a listener of discovery failed', 'a listener of discovery failed']);
});

test('a listener may follow another service, and end itself', async () => {
  await using registry = await fakeRegistry();
  await using its = setUp(registry.url);
  let calls = 0;
  const stop = its.discovery.watch('ships', (snapshot) => {
    calls += 1;
    if (snapshot.state !== 'fresh') return;
    stop();
    its.discovery.snapshot('boats');
  });
  await its.discovery.whenKnown('boats', soon());
  registry.put(ship('a'));
  await waitUntil('a is there', () => ids(its.discovery) === 'a');
  assert.equal(calls, 2);
});

test('uses the next address when one is away, also for a stream', async () => {
  await using first = await fakeRegistry();
  await using second = await fakeRegistry();
  for (const registry of [first, second]) registry.put(ship('a'));
  await using its = setUp(`${first.url},${second.url}`);
  await its.discovery.whenKnown('ships', soon());
  assert.equal(second.watches.length, 0);
  await first.stop();
  await advanceUntil('the second is watched', its, () => second.watches.length === 1);
  await waitUntil('fresh', () => its.discovery.snapshot('ships').state === 'fresh');
});
