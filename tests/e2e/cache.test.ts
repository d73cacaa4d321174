import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findRedis, type RunningRedis, startRedis } from '@flotilla/conformance/databases';
import { waitUntil } from '@flotilla/testing';
import { type CacheInstance, openInstance } from '../soak/cache/cache-instance.ts';

const engine = findRedis();
const skip = engine.kind === 'missing' ? engine.reason : false;

/** Instances of one service on one Redis, with records 1 to 3, and a cache that is in use. */
async function service(t: TestContext, count: number): Promise<{ redis: RunningRedis; instances: CacheInstance[] }> {
  assert.ok(engine.kind === 'found');
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-cache-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const redis = await startRedis({ path: engine.path });
  t.after(() => redis[Symbol.asyncDispose]());
  const instances: CacheInstance[] = [];
  for (let number = 1; number <= count; number += 1) {
    const databaseUrl = `sqlite:${join(folder, 'cache.db')}`;
    const instance = await openInstance({ name: `i${number}`, databaseUrl, redisPort: redis.port });
    t.after(() => instance.close());
    instances.push(instance);
  }
  for (let id = 1; id <= 3; id += 1) await instances[0]?.records.add({ version: 0 });
  for (const instance of instances) await inUse(instance);
  return { redis, instances };
}

/** Waits until an instance answers from its cache. */
async function inUse({ records, count }: CacheInstance): Promise<void> {
  const hits = count('hit');
  await waitUntil('the cache is in use', () => {
    void records.find(3);
    return count('hit') > hits;
  });
}

const key = (id: number): string => `flotilla:history:counted:${id}`;

test('a thousand reads of a record that nobody has read cost the database a few', { skip }, async (t) => {
  const { instances } = await service(t, 3);
  const before = instances.map(({ loads }) => loads);
  const reads = Array.from({ length: 1_000 }, async (_, index) => instances[index % 3]?.records.find(1));
  for (const found of await Promise.all(reads)) assert.deepEqual(found, { id: 1, version: 0 });
  const loads = instances.reduce((sum, instance, index) => sum + instance.loads - (before[index] ?? 0), 0);
  t.diagnostic(`${loads} reads of the database`);
  assert.ok(loads <= 6, `${loads} reads of the database`);
});

test('a write through one instance is found by all, also one in a transaction, and a removal', { skip }, async (t) => {
  const { instances } = await service(t, 2);
  const [one, other] = instances;
  assert.ok(one !== undefined && other !== undefined);
  assert.equal((await other.records.find(1))?.version, 0);
  await one.records.change(1, { version: 1 });
  assert.equal((await other.records.get(1)).version, 1);
  await one.database.transaction(async (transaction) => {
    await one.records.within(transaction).change(1, { version: 2 });
    assert.equal((await other.records.find(1))?.version, 1, 'not before it has taken effect');
  });
  assert.equal((await other.records.find(1))?.version, 2);
  const failure = new Error('undo');
  const undone = one.database.transaction(async (transaction) => {
    await one.records.within(transaction).change(1, { version: 3 });
    throw failure;
  });
  await assert.rejects(undone, failure);
  assert.equal((await other.records.find(1))?.version, 2);
  await one.records.remove(1);
  assert.equal(await other.records.find(1), undefined);
  await assert.rejects(other.records.get(1), { code: 'NOT_FOUND' });
});

test('a Redis that comes back with old data is not believed', { skip }, async (t) => {
  const { redis, instances } = await service(t, 2);
  const [one, other] = instances;
  assert.ok(one !== undefined && other !== undefined);
  await other.records.find(1);
  await redis.ask('SAVE');
  await one.records.change(1, { version: 1 });
  await redis.kill();
  await redis.start();
  assert.match(await redis.ask('GET', key(1)), /"version":0/, 'it has the old value');
  await waitUntil('connected', () => one.redis.run !== undefined && other.redis.run !== undefined);
  await inUse(other);
  assert.equal((await other.records.find(1))?.version, 1);
});

test('what somebody else wrote to Redis, or an older program, is passed over', { skip }, async (t) => {
  const { redis, instances } = await service(t, 1);
  const [one] = instances;
  assert.ok(one !== undefined);
  await one.records.find(1);
  const held = (await redis.ask('GET', key(1))).split('\r\n')[1] ?? '';
  assert.match(held, /^v\|.*\{"id":1,"version":0\}$/);
  const wrong = [
    ['SET', key(1), '{"id":1,"version":9}'],
    ['SET', key(1), held.replace('"version":0', '"version":"9"')],
    ['SET', key(1), held.replace('{', '{broken')],
    ['SET', key(1), held.replace(/\|[^|]*\|\{/, '|older-shape|{').replace('"version":0', '"version":9')],
    ['SET', key(1), held.replace(/^v\|[^|]*/, 'v|other.epoch').replace('"version":0', '"version":9')],
    ['SET', key(1), ''],
    ['SET', key(1), 'l|somebody'],
    ['SET', key(1), 'w|nonsense'],
    ['HSET', key(1), 'version', '9'],
  ];
  for (const command of wrong) {
    await redis.ask('DEL', key(1));
    await redis.ask(...command);
    assert.deepEqual(await one.records.find(1), { id: 1, version: 0 }, command.join(' '));
    await one.records.change(1, { version: 0 });
    assert.deepEqual(await one.records.find(1), { id: 1, version: 0 });
  }
});

test('a frozen Redis costs one read a moment, and a write about a second; then neither', { skip }, async (t) => {
  const { redis, instances } = await service(t, 2);
  const [one, other] = instances;
  assert.ok(one !== undefined && other !== undefined);
  await redis.freeze();
  t.after(() => redis.thaw());
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const startedMs = performance.now();
    await work();
    return performance.now() - startedMs;
  };
  const durations: number[] = [];
  for (let index = 0; index < 500; index += 1) durations.push(await timed(() => other.records.find(1 + (index % 3))));
  durations.sort((a, b) => a - b);
  t.diagnostic(`reads: median ${durations[250]?.toFixed(2)} ms, longest ${durations[499]?.toFixed(2)} ms`);
  // Each would take 50 ms if it waited.
  assert.ok(durations.reduce((sum, one) => sum + one, 0) < 5_000);
  const first = await timed(() => one.records.change(1, { version: 1 }));
  const second = await timed(() => one.records.change(1, { version: 2 }));
  t.diagnostic(`writes: ${first.toFixed(0)} ms, then ${second.toFixed(1)} ms`);
  assert.ok(first < 5_000 && second < first);
  assert.equal((await other.records.find(1))?.version, 2);
  await redis.thaw();
  await inUse(other);
  assert.equal((await other.records.find(1))?.version, 2);
});
