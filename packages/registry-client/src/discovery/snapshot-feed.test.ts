import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '@flotilla/contracts';
import { FakeClock, recordingLogger, waitUntil } from '@flotilla/testing';
import { discoveryOver } from './discovery.ts';
import { SnapshotFeed } from './snapshot-feed.ts';
import type { FollowRequest } from './snapshot-source.ts';

function endpoint(id: string, extra: Partial<Endpoint> = {}): Endpoint {
  const place = { id, scheme: 'http' as const, address: '10.0.0.1', port: 9000 + id.charCodeAt(0) };
  return { ...place, weight: 1, tags: [], metadata: {}, zone: undefined, version: undefined, ...extra };
}

/** A discovery over a source that does what a test says; each run ends by `end` or the signal. */
function setUp(silenceLimitMs?: number) {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const runs: (FollowRequest & { end(error?: Error): void })[] = [];
  let closed = 0;
  const source = {
    silenceLimitMs,
    follow: (request: FollowRequest) =>
      new Promise<void>((resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
        runs.push({ ...request, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
    close: () => void (closed += 1),
  };
  const discovery = discoveryOver({
    clock,
    logger,
    random: () => 0.5,
    feed: (parts) => new SnapshotFeed(source, parts),
  });
  const seen: string[] = [];
  discovery.watch('ships', ({ state, endpoints }) => {
    seen.push(`${state} ${endpoints.map(({ id, weight }) => (weight === 1 ? id : `${id}*${weight}`)).join('')}`);
  });
  const run = async (index: number): Promise<(typeof runs)[number]> => {
    await waitUntil('the source is asked', () => {
      const [nextMs] = clock.pendingDelaysMs;
      if (runs[index] === undefined && nextMs !== undefined) clock.advance(nextMs);
      return runs[index] !== undefined;
    });
    const found = runs[index];
    assert.ok(found);
    return found;
  };
  return { clock, logger, discovery, seen, runs, run, closed: () => closed };
}

test('the same list again, in another order or with repetitions, is no change; a different weight is one', async () => {
  const its = setUp();
  const { onEndpoints } = await its.run(0);
  onEndpoints([endpoint('b'), endpoint('a')]);
  const before = its.discovery.snapshot('ships').endpoints;
  onEndpoints([endpoint('a'), endpoint('b')]);
  onEndpoints([endpoint('b'), endpoint('a'), endpoint('b', { weight: 9 })]);
  assert.deepEqual(its.seen, ['unknown ', 'fresh ab']);
  onEndpoints([endpoint('a'), endpoint('b', { weight: 2 })]);
  assert.deepEqual(its.seen.slice(2), ['fresh ab*2']);
  assert.equal(its.discovery.snapshot('ships').endpoints[0], before[0]);
  await its.discovery.close();
  assert.equal(its.closed(), 1);
});

test('an empty list removes everything, a failure removes nothing, and the first list after it counts', async () => {
  const its = setUp();
  const first = await its.run(0);
  first.onEndpoints([endpoint('a'), endpoint('b')]);
  first.end(new Error('SERVFAIL'));
  const second = await its.run(1);
  assert.deepEqual(its.seen, ['unknown ', 'fresh ab', 'stale ab']);
  second.onEndpoints([endpoint('a'), endpoint('b')]);
  second.onEndpoints([]);
  assert.deepEqual(its.seen.slice(3), ['fresh ab', 'fresh ']);
  await its.discovery.close();
});

test('a source that never answered leaves a service unknown, and is asked less and less often', async () => {
  const its = setUp();
  for (let index = 0; index < 12; index += 1) (await its.run(index)).end(new Error('no such name'));
  assert.deepEqual(its.seen, ['unknown ']);
  const startMs = its.clock.monotonicMs();
  for (let index = 12; index < 22; index += 1) (await its.run(index)).end();
  assert.ok(its.clock.monotonicMs() - startMs >= 9_000, 'a source that returns at once does not make a busy loop');
  assert.equal(its.logger.messages('warn').length, 1);
  assert.match(its.logger.messages('warn')[0] ?? '', /cannot find the instances of ships/);
  await its.discovery.close();
});

test('a finished run is ignored', async () => {
  const its = setUp();
  const first = await its.run(0);
  first.onEndpoints([endpoint('a')]);
  first.end(new Error('lost'));
  await its.run(1);
  first.onEndpoints([]);
  assert.equal(its.seen.at(-1), 'stale a');
  await its.discovery.close();
});

test('silence counts as a loss after the time that the source states, and any sign of life ends it', async () => {
  const its = setUp(10_000);
  const { onEndpoints, onActivity } = await its.run(0);
  onEndpoints([endpoint('a')]);
  for (let i = 0; i < 3; i += 1) {
    its.clock.advance(9_000);
    onActivity();
  }
  assert.equal(its.runs.length, 1);
  await its.clock.advanceAsync(10_000);
  await its.run(1);
  assert.deepEqual(its.seen, ['unknown ', 'fresh a', 'stale a']);
  await its.discovery.close();
});

test('a service that fails does not disturb others', async () => {
  const its = setUp();
  (await its.run(0)).onEndpoints([endpoint('a')]);
  its.discovery.snapshot('boats');
  const boats = await its.run(1);
  assert.equal(boats.service, 'boats');
  boats.end(new Error('no such name'));
  await its.run(2);
  assert.deepEqual(its.seen, ['unknown ', 'fresh a']);
  await its.discovery.close();
  assert.equal(its.discovery.snapshot('rafts').state, 'unknown');
  assert.deepEqual(its.clock.pendingDelaysMs, []);
});
