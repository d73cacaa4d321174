import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lastingStore } from '@flotilla/conformance';
import { isAppError, type Registration, type WatchEvent } from '@flotilla/contracts';
import { FakeClock, fakeClockStartMs } from '@flotilla/testing';
import { createRegistry, type Registry } from './registry.ts';
import type { RegistryOptions } from './state/options.ts';
import { openSqliteStore } from './store/sqlite-store.ts';

async function opened(
  t: TestContext,
  options: Partial<RegistryOptions> = {},
): Promise<{ registry: Registry; clock: FakeClock }> {
  const clock = new FakeClock();
  const store = options.store ?? openSqliteStore({ file: ':memory:', clock: new FakeClock(0) });
  const registry = await createRegistry({ store, clock, ...options });
  t.after(() => registry.close());
  return { registry, clock };
}

const web = (port: number, more: Partial<Registration> = {}): Registration => ({
  name: 'web',
  address: '10.0.0.1',
  port,
  ...more,
});

function follow(registry: Registry, from?: number): () => readonly WatchEvent[] {
  const watch = registry.watch({ onReady: () => {}, from });
  // The bookmark after what was missed is the watch hub's own test.
  return () => watch.read(1_000).filter((event) => event.type !== 'bookmark');
}

test('the same name, address and port renews: same id, first registration and revision, and no event', async (t) => {
  const { registry, clock } = await opened(t);
  const first = await registry.register(web(80));
  assert.equal(first.created, true);
  const events = follow(registry, registry.revision);
  clock.advance(5_000);
  const again = await registry.register(web(80, { id: 'another-id' }));
  assert.deepEqual(again, {
    created: false,
    instance: { ...first.instance, last_seen: new Date(fakeClockStartMs + 5_000).toISOString() },
  });
  assert.deepEqual(events(), []);
});

test('a changed record of the same endpoint is a put with a new revision and the old id', async (t) => {
  const { registry } = await opened(t);
  const first = await registry.register(web(80, { id: 'one' }));
  const events = follow(registry, registry.revision);
  const { instance, created } = await registry.register(web(80, { tags: ['blue'], metadata: { zone: 'a' } }));
  assert.equal(created, false);
  assert.equal(instance.id, 'one');
  assert.equal(instance.registered_at, first.instance.registered_at);
  assert.ok(instance.revision > first.instance.revision);
  assert.deepEqual(events(), [{ type: 'put', revision: instance.revision, instance }]);
});

test('any difference is a change, even one more tag or one less metadata entry', async (t) => {
  const { registry } = await opened(t);
  const forms: readonly Partial<Registration>[] = [
    { tags: ['a'] },
    { tags: ['a', 'b'] },
    { tags: ['a'] },
    { metadata: { k: 'v' } },
    { metadata: { k: 'v', l: 'v' } },
    { metadata: { k: 'w' } },
    { weight: 2 },
    { lease_ms: 5_000 },
    { status: 'warning' },
  ];
  let last = 0;
  for (const form of forms) {
    const { revision } = (await registry.register(web(80, form))).instance;
    assert.ok(revision > last, JSON.stringify(form));
    last = revision;
  }
});

test('two spellings of one address are one instance', async (t) => {
  const { registry } = await opened(t);
  await registry.register(web(80, { address: '::1' }));
  await registry.register(web(80, { address: '0:0:0:0:0:0:0:1' }));
  await registry.register(web(80, { address: 'Host.Example' }));
  await registry.register(web(80, { address: 'host.example' }));
  assert.equal(registry.listAll().length, 2);
});

test('the same id at another address or port replaces: the old one goes as replaced before the new one comes', async (t) => {
  const { registry } = await opened(t);
  await registry.register(web(80, { id: 'one' }));
  const events = follow(registry, registry.revision);
  const { instance, created } = await registry.register(web(81, { id: 'one' }));
  assert.equal(created, true);
  assert.deepEqual(events(), [
    { type: 'delete', revision: instance.revision - 1, name: 'web', id: 'one', reason: 'replaced' },
    { type: 'put', revision: instance.revision, instance },
  ]);
  assert.deepEqual(registry.listAll(), [instance]);
});

test('a watch that breaks in the middle of a commit continues exactly there', async (t) => {
  const { registry } = await opened(t);
  await registry.register(web(80, { id: 'moves' }));
  const from = registry.revision;
  const instances = await Promise.all([
    registry.register(web(81, { id: 'moves' })),
    ...[1, 2, 3].map((port) => registry.register(web(port))),
  ]);
  assert.equal(new Set(instances.map(({ instance }) => instance.revision)).size, 1, 'one commit, one revision');
  const all = follow(registry, from)();
  assert.deepEqual(
    all.map((event) => event.type),
    ['delete', 'put', 'put', 'put', 'put'],
  );
  for (const [index, event] of all.entries()) {
    assert.ok('revision' in event);
    assert.deepEqual(follow(registry, event.revision)(), all.slice(index + 1));
  }
});

test('the report of a process that registered in maintenance, or unhealthy, counts like any report', async (t) => {
  const { registry } = await opened(t);
  for (const status of ['maintenance', 'critical', 'warning'] as const) {
    const { instance } = await registry.register(web(80, { id: 'one', status }), `the token of ${status}`);
    assert.equal(instance.status, status);
    const reported = await registry.setStatus('web', 'one', 'passing', `the token of ${status}`);
    assert.deepEqual([reported.status, registry.pick('web')?.id], ['passing', 'one']);
    await registry.setStatus('web', 'one', 'critical', `the token of ${status}`);
  }
  await registry.deregister('web', 'one', { force: true });
  assert.equal((await registry.register(web(80, { id: 'one' }))).instance.status, 'passing', 'reports go with it');
});

test('one id in two services is two instances', async (t) => {
  const { registry } = await opened(t);
  await registry.register(web(80, { id: 'one' }));
  await registry.register(web(81, { id: 'one', name: 'api' }));
  assert.equal(registry.listAll().length, 2);
});

test('simultaneous writes see each other, in the order in which they were made', async (t) => {
  const { registry } = await opened(t);
  const events = follow(registry, 0);
  const results = await Promise.allSettled([
    registry.register(web(80, { id: 'one' })),
    registry.register(web(80)),
    registry.deregister('web', 'one'),
    registry.deregister('web', 'one'),
    registry.register(web(81, { id: 'one' })),
    registry.setStatus('web', 'one', 'critical'),
  ]);
  assert.deepEqual(
    results.map((result) => (result.status === 'fulfilled' ? 'done' : result.reason.code)),
    ['done', 'done', 'done', 'INSTANCE_NOT_FOUND', 'done', 'done'],
  );
  assert.deepEqual(
    events().map((event) => event.type),
    ['put', 'delete', 'put', 'put'],
  );
  assert.deepEqual(
    registry.listAll().map(({ port, status }) => [port, status]),
    [[81, 'critical']],
  );
});

test('10,000 leases expire at their time, as delete events with rising revisions', async (t) => {
  // Otherwise so many at once are kept for a while.
  const { registry, clock } = await opened(t, { guard: { sharePercent: 0 } });
  const all = Array.from({ length: 10_000 }, (_, index) => web(1 + index, { lease_ms: 2_000 + (index % 100) * 10 }));
  await Promise.all(all.map((each) => registry.register(each)));
  const events = follow(registry, registry.revision);
  await clock.advanceAsync(1_999);
  assert.equal(registry.stats().instances, 10_000);
  await clock.advanceAsync(1);
  assert.equal(registry.stats().instances, 9_900);
  await clock.advanceAsync(990);
  assert.equal(registry.stats().instances, 0);
  assert.equal(registry.stats().expired, 10_000);
  const seen: WatchEvent[] = [];
  for (let batch = events(); batch.length > 0; batch = events()) seen.push(...batch);
  assert.equal(seen.length, 10_000);
  for (const [index, event] of seen.entries())
    assert.ok(event.type === 'delete' && event.reason === 'expired' && event.revision === 10_001 + index);
});

test('looking up a service keeps nobody alive; renewing and registering do', async (t) => {
  const { registry, clock } = await opened(t);
  const [asked, renewed, registered] = await Promise.all([
    registry.register(web(1, { lease_ms: 1_000 })),
    registry.register(web(2, { lease_ms: 1_000 })),
    registry.register(web(3, { lease_ms: 1_000 })),
  ]);
  assert.ok(asked && renewed && registered);
  for (let step = 0; step < 6; step += 1) {
    await clock.advanceAsync(500);
    registry.pick('web');
    registry.get('web', asked.instance.id);
    registry.listAll();
    registry.renew('web', renewed.instance.id);
    await registry.register(web(3, { lease_ms: 1_000 }));
  }
  assert.deepEqual(
    registry.listAll().map(({ port }) => port),
    [2, 3],
  );
});

test('a registration that coincides with the expiry of its own instance is never lost', async (t) => {
  const { registry, clock } = await opened(t);
  await registry.register(web(80, { lease_ms: 1_000 }));
  const answered = registry.register(web(80, { lease_ms: 1_000 }));
  clock.advance(1_000);
  await answered;
  await clock.advanceAsync(0);
  assert.equal(registry.listAll().length, 1);
  // The other way round: the expiry was asked for first.
  clock.advance(1_000);
  await registry.register(web(80, { lease_ms: 1_000 }));
  await clock.advanceAsync(500);
  assert.equal(registry.listAll().length, 1);
});

test('the expiry of an instance that was replaced at the last moment does not affect the new one', async (t) => {
  const { registry, clock } = await opened(t);
  await registry.register(web(80, { id: 'one', lease_ms: 1_000 }));
  const moved = registry.register(web(81, { id: 'one' }));
  clock.advance(1_000);
  await moved;
  await clock.advanceAsync(0);
  assert.deepEqual(
    registry.listAll().map(({ port }) => port),
    [81],
  );
});

test('a change of status at the moment of expiry keeps nobody alive', async (t) => {
  const { registry, clock } = await opened(t);
  const { instance } = await registry.register(web(80, { lease_ms: 1_000 }));
  const changed = registry.setStatus('web', instance.id, 'critical');
  clock.advance(1_000);
  await changed;
  await clock.advanceAsync(0);
  assert.deepEqual(registry.listAll(), []);
});

test('an endpoint that becomes free at the same moment can go to another id', async (t) => {
  const { registry } = await opened(t);
  const [, , taken] = await Promise.all([
    registry.register(web(80, { id: 'one' })),
    registry.register(web(81, { id: 'one' })),
    registry.register(web(80, { id: 'two' })),
  ]);
  assert.deepEqual([taken?.created, taken?.instance.id], [true, 'two']);
  assert.deepEqual(
    registry.listAll().map(({ id, port }) => `${id} ${port}`),
    ['one 81', 'two 80'],
  );
});

test('picks are in proportion to weights; weight 0 only as a last resort; never an instance that is not served', async (t) => {
  const { registry } = await opened(t);
  await registry.register(web(1, { weight: 3 }));
  await registry.register(web(2));
  await registry.register(web(3, { weight: 0 }));
  await registry.register(web(4, { weight: 100, status: 'critical' }));
  await registry.register(web(5, { status: 'warning' }));
  const picked = Array.from({ length: 500 }, () => registry.pick('web')?.port);
  const counts = Map.groupBy(picked, (port) => port);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((port) => counts.get(port)?.length ?? 0),
    [300, 100, 0, 0, 100],
  );
  for (const { id } of registry.list('web').filter(({ weight }) => weight > 0))
    await registry.setStatus('web', id, 'maintenance');
  assert.equal(registry.pick('web')?.port, 3);
  assert.equal(registry.pick('nobody'), undefined);
});

test('lists are sorted by name and id, whatever the order of registration, and filtered by all conditions at once', async (t) => {
  const { registry } = await opened(t);
  await registry.register(web(2, { id: 'b', tags: ['x', 'y'], metadata: { zone: 'a' } }));
  await registry.register(web(1, { id: 'a', tags: ['x'], metadata: { zone: 'a' }, status: 'critical' }));
  await registry.register({ name: 'api', address: '10.0.0.1', port: 3, id: 'c' });
  const ids = (filter: Parameters<Registry['list']>[1]): readonly string[] =>
    registry.listAll(filter).map(({ name, id }) => `${name}/${id}`);
  assert.deepEqual(ids({}), ['api/c', 'web/a', 'web/b']);
  assert.deepEqual(ids({ tags: ['x', 'y'] }), ['web/b']);
  assert.deepEqual(ids({ tags: ['x'], served: true, metadata: { zone: 'a' } }), ['web/b']);
  assert.deepEqual(ids({ served: false }), ['web/a']);
  assert.deepEqual(ids({ status: 'critical' }), ['web/a']);
  assert.deepEqual(ids({ metadata: { constructor: 'x' } }), []);
});

test('signs of life reach the store from time to time and on close', async (t) => {
  const store = openSqliteStore({ file: ':memory:', clock: new FakeClock(0) });
  t.after(() => store.close());
  const { registry, clock } = await opened(t, { store: lastingStore(store), noteSeenEveryMs: 10_000 });
  const { instance } = await registry.register(web(1));
  const stored = async (): Promise<number> => ((await store.load()).records[0]?.lease?.seenMs ?? 0) - fakeClockStartMs;
  clock.advance(4_000);
  registry.renew('web', instance.id);
  assert.equal(await stored(), 0);
  await clock.advanceAsync(6_000);
  assert.equal(await stored(), 4_000);
  registry.renew('web', instance.id);
  await registry.close();
  assert.equal(await stored(), 10_000);
});

test('a closed registry refuses writes, and has answered those that it accepted', async (t) => {
  const { registry } = await opened(t);
  const taken = registry.register(web(1));
  const closing = registry.close();
  await taken;
  await assert.rejects(registry.register(web(2)), (error) => isAppError(error) && error.code === 'SHUTTING_DOWN');
  await closing;
});
