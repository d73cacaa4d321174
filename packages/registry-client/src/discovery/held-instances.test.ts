import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toInstance } from '@flotilla/conformance';
import type { ServiceInstance, WatchEvent } from '@flotilla/contracts';
import { ServiceCache } from './service-cache.ts';

const followed = ['ships', 'boats'];

function ship(id: string, port: number, revision: number, more: Partial<ServiceInstance> = {}): ServiceInstance {
  return { ...toInstance({ name: 'ships', id, address: '127.0.0.1', port }, revision), lease_ms: 60_000, ...more };
}

function snapshot(history: string | undefined, revision: number, instances: readonly ServiceInstance[]): WatchEvent {
  return { type: 'snapshot', revision, history, instances };
}

/** A cache that knows the ships a and b of the history "one". */
function knowing(more: readonly ServiceInstance[] = []): ServiceCache {
  const cache = new ServiceCache();
  for (const service of followed) cache.follow(service);
  cache.apply(snapshot('one', 5, [ship('a', 1, 4), ship('b', 2, 5), ...more]), followed, 0);
  return cache;
}

function seen(cache: ServiceCache): string {
  const { state, endpoints } = cache.get('ships') ?? assert.fail('It is followed');
  return `${state} ${endpoints.map(({ id, port }) => `${id}:${port}`).join()}`;
}

test('an empty registry with another history removes nothing: all instances stay, stale, for the time of a lease', () => {
  const cache = knowing();
  const before = cache.get('ships')?.endpoints;
  cache.apply(snapshot('two', 900, []), followed, 1_000);
  assert.equal(seen(cache), 'stale a:1,b:2');
  assert.equal(cache.get('ships')?.endpoints, before, 'the objects are the same');
  assert.equal(cache.get('boats')?.state, 'fresh', 'a service that had no instances misses none');
  assert.equal(cache.nextReleaseMs, 61_000);
  assert.deepEqual(cache.release(60_999), []);
  assert.deepEqual(cache.release(61_000), ['ships']);
  assert.equal(seen(cache), 'fresh ');
  assert.equal(cache.nextReleaseMs, undefined);
});

test('an instance that registers again is fresh, whatever its id; with the last one, everything is', () => {
  const cache = knowing();
  cache.apply(snapshot('two', 900, [ship('a', 1, 899)]), followed, 0);
  assert.equal(seen(cache), 'stale a:1,b:2');
  cache.apply({ type: 'put', revision: 901, instance: ship('b-anew', 2, 901) }, followed, 0);
  assert.equal(seen(cache), 'fresh a:1,b-anew:2');
});

test('an address that another service has registered is removed', () => {
  const cache = knowing();
  cache.apply(snapshot('two', 900, []), followed, 0);
  for (const [name, port] of [
    ['boats', 1],
    ['rafts', 2],
  ] as const)
    cache.apply({ type: 'put', revision: 900 + port, instance: ship('x', port, 900 + port, { name }) }, followed, 0);
  assert.equal(seen(cache), 'fresh ');
});

test('an instance that was deregistered, or not served before, is not kept', () => {
  const cache = knowing([ship('c', 3, 3, { status: 'maintenance', ready: false })]);
  cache.apply(snapshot('two', 900, []), followed, 0);
  assert.equal(seen(cache), 'stale a:1,b:2');
  cache.apply({ type: 'delete', revision: 901, name: 'ships', id: 'a', reason: 'deregistered' }, followed, 0);
  assert.equal(seen(cache), 'stale b:2');
});

test('time stands still while the registry is away: nobody could register', () => {
  const cache = knowing();
  cache.apply(snapshot('two', 900, []), followed, 0);
  cache.markLost();
  assert.equal(cache.nextReleaseMs, undefined);
  cache.apply({ type: 'bookmark', revision: 900 }, followed, 500_000);
  assert.equal(cache.nextReleaseMs, 560_000);
});

test('another loss gives kept instances no extra time', () => {
  const cache = knowing();
  cache.apply(snapshot('two', 900, []), followed, 0);
  cache.apply(snapshot('three', 1_800, []), followed, 30_000);
  assert.equal(cache.nextReleaseMs, 60_000);
});

test('short leases are kept for 10 s, endless ones for 5 minutes', () => {
  const cache = knowing([ship('c', 3, 3, { lease_ms: 1_000 }), ship('d', 4, 3, { lease_ms: 86_400_000 })]);
  cache.apply(snapshot('two', 900, []), followed, 0);
  cache.release(10_000);
  assert.equal(seen(cache), 'stale a:1,b:2,d:4');
  cache.release(60_000);
  assert.equal(seen(cache), 'stale d:4');
  cache.release(300_000);
  assert.equal(seen(cache), 'fresh ');
});

test('a snapshot of the same history, or of a registry that names none, is believed at once', () => {
  for (const history of ['one', undefined]) {
    const cache = knowing();
    cache.apply(snapshot(history, 6, []), followed, 0);
    assert.equal(seen(cache), 'fresh ');
  }
});
