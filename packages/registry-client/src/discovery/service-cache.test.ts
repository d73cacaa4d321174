import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toInstance } from '@flotilla/conformance';
import type { ServiceInstance, WatchEvent } from '@flotilla/contracts';
import fc from 'fast-check';
import { endpointOf } from './endpoint-of.ts';
import { ServiceCache } from './service-cache.ts';

const followed = ['a', 'b'];

function followingCache(): ServiceCache {
  const cache = new ServiceCache();
  for (const service of followed) cache.follow(service);
  return cache;
}

function instance(name: string, id: string, revision: number, extra: Partial<ServiceInstance> = {}): ServiceInstance {
  const { status } = extra;
  return { ...toInstance({ name, id, address: '127.0.0.1', port: 9000, status }, revision), ...extra };
}

function ids(cache: ServiceCache, service: string): readonly string[] {
  return cache.get(service)?.endpoints.map((one) => one.id) ?? [];
}

test('an empty snapshot is an answer: fresh, with no instance', () => {
  const cache = followingCache();
  assert.equal(cache.get('a')?.state, 'unknown');
  assert.deepEqual(cache.apply({ type: 'snapshot', revision: 0, instances: [] }, followed, 0), followed);
  assert.equal(cache.get('a')?.state, 'fresh');
  assert.deepEqual(ids(cache, 'a'), []);
});

test('a service followed after the stream was opened stays unknown until a stream covers it', () => {
  const cache = followingCache();
  cache.apply({ type: 'snapshot', revision: 5, instances: [] }, followed, 0);
  assert.equal(cache.resumeRevision, 5);
  cache.follow('c');
  assert.equal(cache.resumeRevision, undefined);
  cache.apply({ type: 'snapshot', revision: 6, instances: [] }, followed, 0);
  assert.equal(cache.get('c')?.state, 'unknown');
});

test('shows only instances that are ready, sorted by id', () => {
  const cache = followingCache();
  const one = (id: string, status: ServiceInstance['status']): ServiceInstance => instance('a', id, 1, { status });
  const all = [one('4', 'passing'), one('3', 'maintenance'), one('2', 'warning'), one('1', 'critical')];
  cache.apply({ type: 'snapshot', revision: 1, instances: all }, followed, 0);
  assert.deepEqual(ids(cache, 'a'), ['2', '4']);
  cache.apply({ type: 'put', revision: 2, instance: instance('a', '3', 2, { status: 'passing' }) }, followed, 0);
  assert.deepEqual(ids(cache, 'a'), ['2', '3', '4']);
});

test('unchanged instances and snapshots keep their identity', () => {
  const cache = followingCache();
  const both = [instance('a', '1', 1), instance('a', '2', 2)];
  cache.apply({ type: 'snapshot', revision: 2, instances: both }, followed, 0);
  const before = cache.get('a');
  cache.markLost();
  const later = both.map((one) => ({ ...one, last_seen: '2026-01-01T00:00:00.000Z' }));
  assert.deepEqual(cache.apply({ type: 'snapshot', revision: 9, instances: later }, followed, 0), followed);
  assert.equal(cache.get('a')?.state, 'fresh');
  assert.equal(cache.get('a')?.endpoints, before?.endpoints);

  const same = cache.get('a');
  assert.deepEqual(cache.apply({ type: 'snapshot', revision: 9, instances: later }, followed, 0), []);
  assert.equal(cache.get('a'), same);

  const changed = instance('a', '2', 10, { weight: 5 });
  assert.deepEqual(cache.apply({ type: 'put', revision: 10, instance: changed }, followed, 0), ['a']);
  assert.equal(cache.get('a')?.endpoints[0], before?.endpoints[0]);
  assert.deepEqual(cache.get('a')?.endpoints[1], endpointOf(changed));
});

test('callers get endpoints, and a new one when an instance was registered again unchanged', () => {
  const cache = followingCache();
  const metadata = { zone: 'north', version: '1.2', owner: 'crew' };
  const registered = instance('a', '1', 1, { tags: ['canary'], metadata, weight: 3, port: 9001 });
  cache.apply({ type: 'snapshot', revision: 1, instances: [registered] }, followed, 0);
  const [before] = cache.get('a')?.endpoints ?? [];
  const place = { id: '1', scheme: 'http', address: '127.0.0.1', port: 9001 };
  assert.deepEqual(before, { ...place, weight: 3, tags: ['canary'], metadata, zone: 'north', version: '1.2' });
  cache.apply({ type: 'put', revision: 2, instance: { ...registered, revision: 2 } }, followed, 0);
  const [after] = cache.get('a')?.endpoints ?? [];
  assert.deepEqual(after, before);
  assert.notEqual(after, before);
});

test('a bookmark moves the place to resume at, only forward, and changes nothing else', () => {
  const cache = followingCache();
  cache.apply({ type: 'snapshot', revision: 5, instances: [] }, followed, 0);
  assert.deepEqual(cache.apply({ type: 'bookmark', revision: 90 }, followed, 0), []);
  assert.equal(cache.resumeRevision, 90);
  cache.apply({ type: 'bookmark', revision: 7 }, followed, 0);
  assert.equal(cache.resumeRevision, 90);
});

test('a resumed stream makes nothing fresh before its bookmark, which then notifies each service once', () => {
  const cache = followingCache();
  const a = instance('a', '1', 5);
  cache.apply({ type: 'snapshot', revision: 5, instances: [a] }, followed, 0);
  assert.deepEqual(cache.markLost(), followed);
  assert.deepEqual(cache.apply({ type: 'put', revision: 6, instance: instance('a', '2', 6) }, followed, 0), ['a']);
  cache.apply({ type: 'delete', revision: 7, name: 'a', id: '1', reason: 'expired' }, followed, 0);
  assert.deepEqual([cache.get('a')?.state, cache.get('b')?.state, ids(cache, 'a')], ['stale', 'stale', ['2']]);
  assert.deepEqual(cache.apply({ type: 'bookmark', revision: 7 }, followed, 0), followed);
  assert.deepEqual([cache.get('a')?.state, cache.get('b')?.state], ['fresh', 'fresh']);
  assert.deepEqual(cache.apply({ type: 'bookmark', revision: 8 }, followed, 0), []);
});

test('after a reset nothing is news until the snapshot, whose lower revision is believed', () => {
  const cache = followingCache();
  cache.apply({ type: 'snapshot', revision: 50, instances: [instance('a', '1', 50)] }, followed, 0);
  cache.apply({ type: 'reset', reason: 'future' }, followed, 0);
  assert.equal(cache.resumeRevision, undefined);
  assert.deepEqual(ids(cache, 'a'), ['1']);
  assert.deepEqual(cache.apply({ type: 'put', revision: 99, instance: instance('a', '9', 99) }, followed, 0), []);
  cache.apply({ type: 'snapshot', revision: 3, instances: [instance('a', '2', 3)] }, followed, 0);
  assert.deepEqual(ids(cache, 'a'), ['2']);
  assert.equal(cache.resumeRevision, 3);
  cache.apply({ type: 'put', revision: 4, instance: instance('a', '3', 4) }, followed, 0);
  assert.deepEqual(ids(cache, 'a'), ['2', '3']);
});

test('a replacement may put at the revision of its delete; repeating both changes nothing', () => {
  const cache = followingCache();
  cache.apply({ type: 'snapshot', revision: 5, instances: [instance('a', '1', 5)] }, followed, 0);
  const events: WatchEvent[] = [
    { type: 'delete', revision: 6, name: 'a', id: '1', reason: 'replaced' },
    { type: 'put', revision: 6, instance: instance('a', '1', 6, { port: 9001 }) },
  ];
  for (const event of events) cache.apply(event, followed, 0);
  const replaced = cache.get('a');
  assert.equal(replaced?.endpoints[0]?.port, 9001);
  for (const event of events) assert.deepEqual(cache.apply(event, followed, 0), []);
  assert.equal(cache.get('a'), replaced);
});

test('any sequence of changes, losses, resumes, resets and repetitions ends with what the registry has', () => {
  const change = fc.record({ service: fc.constantFrom(...followed, 'other'), id: fc.constantFrom('1', '2', '3') });
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('put' as const),
        status: fc.constantFrom('passing' as const, 'critical' as const),
        of: change,
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), of: change }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('lost' as const, 'resume' as const, 'bookmark' as const) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('reset' as const, 'wiped' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), back: fc.nat(5) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cache = followingCache();
      const truth = new Map<string, ServiceInstance>();
      let history: WatchEvent[] = [];
      let revision = 0;
      let connected = true;
      let histories = 1;
      const send = (event: WatchEvent): void => {
        if (connected) cache.apply(event, followed, 0);
      };
      const snapshot = (): WatchEvent => ({
        type: 'snapshot',
        revision,
        history: String(histories),
        instances: [...truth.values()].filter((one) => followed.includes(one.name)),
      });
      const resume = (): void => {
        connected = true;
        const from = cache.resumeRevision;
        if (from === undefined) return send(snapshot());
        if (from > revision) {
          send({ type: 'reset', reason: 'future' });
          return send(snapshot());
        }
        for (const event of history) if ('revision' in event && event.revision > from) send(event);
        send({ type: 'bookmark', revision });
      };
      send(snapshot());
      for (const next of steps) {
        if (next.kind === 'put' || next.kind === 'delete') {
          const { service, id } = next.of;
          const key = `${service}/${id}`;
          if (next.kind === 'delete' && !truth.delete(key)) continue;
          revision += 1;
          let event: WatchEvent = { type: 'delete', revision, name: service, id, reason: 'expired' };
          if (next.kind === 'put') {
            const one = instance(service, id, revision, { status: next.status });
            truth.set(key, one);
            event = { type: 'put', revision, instance: one };
          }
          if (!followed.includes(service)) continue;
          history.push(event);
          send(event);
        } else if (next.kind === 'lost') {
          connected = false;
          cache.markLost();
        } else if (next.kind === 'resume') resume();
        else if (next.kind === 'bookmark') send({ type: 'bookmark', revision });
        else if (next.kind === 'reset') {
          send({ type: 'reset', reason: 'compacted' });
          send(snapshot());
        } else if (next.kind === 'wiped') {
          // The registry lost its disk: it begins anew, below the revision the client knows.
          connected = false;
          cache.markLost();
          truth.clear();
          history = [];
          revision = 0;
          histories += 1;
          resume();
        } else if (next.kind === 'repeat' && connected) {
          // A resume that overlaps: the last events once more, in order.
          for (const event of history.slice(-next.back - 1)) send(event);
        }
      }
      if (!connected) resume();
      // Whoever was held has had the time to register again.
      cache.release(Number.MAX_SAFE_INTEGER);
      for (const service of followed) {
        const expected = [...truth.values()].filter((one) => one.name === service && one.ready);
        assert.deepEqual(
          cache.get(service)?.endpoints,
          expected.sort((a, b) => (a.id < b.id ? -1 : 1)).map(endpointOf),
        );
        assert.equal(cache.get(service)?.state, 'fresh');
      }
    }),
    { numRuns: 2_000 },
  );
});
