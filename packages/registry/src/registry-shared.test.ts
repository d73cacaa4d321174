import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SharedStorage, storeWith } from '@flotilla/conformance';
import type { Registration, WatchEvent } from '@flotilla/contracts';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { createRegistry, type Registry } from './registry.ts';
import type { RegistryOptions } from './state/options.ts';
import type { StoreEvent } from './store/record-store.ts';
import type { Announcement } from './write/announcement-changes.ts';

const web = (port: number, more: Partial<Registration> = {}): Registration => ({
  name: 'web',
  address: '10.0.0.1',
  port,
  ...more,
});

interface Shared {
  readonly storage: SharedStorage;
  readonly clock: FakeClock;
  readonly a: Registry;
  readonly b: Registry;
  /** Opens another registry on the storage. */
  open(owner: string, options?: Partial<RegistryOptions>): Promise<Registry>;
}

/** Two registries on one storage. */
async function shared(t: TestContext): Promise<Shared> {
  const storage = new SharedStorage();
  const clock = new FakeClock();
  const open = async (owner: string, options: Partial<RegistryOptions> = {}): Promise<Registry> => {
    const registry = await createRegistry({
      store: storage.open(owner),
      clock,
      guard: { sharePercent: 0 },
      ...options,
    });
    t.after(() => registry.close());
    return registry;
  };
  return { storage, clock, a: await open('a'), b: await open('b'), open };
}

/** Lets registries follow what was committed. */
async function followed(...registries: readonly Registry[]): Promise<void> {
  const latest = Math.max(...registries.map(({ revision }) => revision));
  while (registries.some(({ revision }) => revision < latest)) await new Promise((resolve) => setImmediate(resolve));
}

function brief(events: readonly WatchEvent[]): readonly string[] {
  return events.map((event) => {
    if (event.type === 'snapshot') return `snapshot ${event.instances.map(({ port }) => port).join()}`;
    if (event.type === 'put') return `put ${event.instance.id} ${event.instance.status}`;
    return event.type === 'delete' ? `delete ${event.id} ${event.reason}` : event.type;
  });
}

const ports = (registry: Registry): readonly number[] => registry.listAll().map(({ port }) => port);
const idle = { onReady: (): void => {} };

test('an instance registered at one registry is served, listed and watched at the other, at the same revisions', async (t) => {
  const { a, b } = await shared(t);
  const watch = b.watch({ ...idle, from: b.revision });
  watch.read(10);
  const { instance } = await a.register(web(1, { id: 'one', tags: ['x'] }), 'its token');
  await followed(a, b);
  assert.deepEqual(b.listAll(), [instance]);
  assert.deepEqual(b.pick('web'), instance);
  assert.deepEqual(watch.read(10), [{ type: 'put', revision: instance.revision, instance }]);
  assert.throws(() => b.renew('web', 'one', 'another token'), { code: 'REGISTRATION_LOST' });
  await b.deregister('web', 'one', { token: 'its token' });
  await followed(a, b);
  assert.deepEqual([a.listAll(), a.revision], [[], b.revision]);
  // Whoever watched one goes on at the other from where it was.
  const resumed = a.watch({ ...idle, from: instance.revision, history: b.history });
  assert.deepEqual(brief(resumed.read(10)), ['delete one deregistered', 'bookmark']);
});

test('only the owner of a lease ends it, and it learns of renewals at other registries', async (t) => {
  const { a, b, clock } = await shared(t);
  await a.register(web(1, { id: 'one', lease_ms: 1_000 }));
  await a.register(web(2, { id: 'two', lease_ms: 1_000 }));
  await followed(a, b);
  for (let step = 0; step < 10; step += 1) {
    await clock.advanceAsync(400);
    b.renew('web', 'one');
  }
  assert.deepEqual([ports(a), ports(b)], [[1], [1]]);
  assert.deepEqual([a.stats().expired, b.stats().expired], [1, 0]);
  await clock.advanceAsync(2_000);
  assert.deepEqual([ports(a), ports(b)], [[], []]);
  assert.deepEqual([a.stats().expired, b.stats().expired], [2, 0]);
});

test('an instance that registers at another registry has its lease there from then on', async (t) => {
  const { a, b, clock, storage } = await shared(t);
  await a.register(web(1, { id: 'one', lease_ms: 1_000 }));
  await followed(a, b);
  await b.register(web(1, { id: 'one', lease_ms: 1_000, weight: 2 }));
  await followed(a, b);
  storage.end('a');
  for (let step = 0; step < 5; step += 1) {
    await clock.advanceAsync(400);
    b.renew('web', 'one');
  }
  assert.deepEqual([ports(a), ports(b)], [[1], [1]]);
  await clock.advanceAsync(1_500);
  assert.equal(b.stats().expired, 1);
});

test('when an owner stops, another registry takes over its leases, and ends those of dead instances', async (t) => {
  const { a, b, clock, open } = await shared(t);
  const c = await open('c');
  for (let port = 1; port <= 300; port += 1) await a.register(web(port, { id: `i${port}`, lease_ms: 2_000 }));
  await followed(a, b, c);
  await a.close();
  for (let step = 0; step < 8; step += 1) {
    await clock.advanceAsync(500);
    b.renew('web', 'i7');
  }
  assert.deepEqual([ports(b), ports(c)], [[7], [7]]);
  assert.equal(b.stats().expired + c.stats().expired, 299, 'each was removed once');
});

test('a registry that joins later takes over leases of owners that are gone', async (t) => {
  const { storage, clock, a, b, open } = await shared(t);
  await a.register(web(1, { lease_ms: 1_000 }));
  await Promise.all([a.close(), b.close()]);
  const late = await open('late');
  assert.deepEqual(ports(late), [1]);
  assert.deepEqual((await storage.open('reader').load()).records[0]?.lease?.owner, 'late');
  await clock.advanceAsync(1_000);
  assert.deepEqual(ports(late), []);
});

test('of two instances that register at one address and port at the same time in two registries, the newer one stays', async (t) => {
  const { a, b } = await shared(t);
  await Promise.all([a.register(web(80, { id: 'one' })), b.register(web(80, { id: 'two', name: 'api' }))]);
  await followed(a, b);
  while (a.stats().instances > 1 || b.stats().instances > 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(a.listAll(), b.listAll());
  assert.equal(a.listAll().length, 1);
});

test('two simultaneous changes to one instance both take effect, one after the other', async (t) => {
  const { a, b } = await shared(t);
  await a.register(web(80, { id: 'one' }), 'its token');
  await followed(a, b);
  await Promise.all([
    a.setStatus('web', 'one', 'critical', 'its token'),
    b.setStatus('web', 'one', 'maintenance'),
    a.register(web(80, { weight: 5 })),
    b.register(web(80, { tags: ['b'] })),
  ]);
  await followed(a, b);
  const [shown] = a.listAll();
  assert.deepEqual([shown?.status, shown?.weight, shown?.tags], ['maintenance', 5, ['b']]);
  assert.deepEqual(b.listAll(), a.listAll());
  await b.setStatus('web', 'one', 'passing');
  await followed(a, b);
  assert.equal(a.get('web', 'one')?.status, 'critical');
});

test('a lost connection to the store loses nothing, and writers get their answer when memory has caught up', async (t) => {
  const { a, b, clock, storage } = await shared(t);
  const watch = a.watch({ ...idle, from: a.revision });
  watch.read(10);
  storage.interrupt();
  await new Promise((resolve) => setImmediate(resolve));
  await b.close();
  const writing = a.register(web(1, { id: 'one' }));
  let isAnswered = false;
  void writing.then(() => (isAnswered = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([isAnswered, ports(a)], [false, []]);
  await clock.advanceAsync(500);
  await writing;
  assert.deepEqual(brief(watch.read(10)), ['put one passing']);
});

test('after a gap that cannot be replayed, memory is correct, and watchers start over', async (t) => {
  const { a, b, clock, storage } = await shared(t);
  await a.register(web(1, { id: 'stays' }));
  await a.register(web(2, { id: 'goes' }));
  await followed(a, b);
  const from = a.revision;
  const watch = a.watch(idle);
  watch.read(10);
  storage.interrupt();
  await new Promise((resolve) => setImmediate(resolve));
  const other = await createRegistry({ store: storage.open('other'), clock });
  t.after(() => other.close());
  const between = (await other.register(web(3, { id: 'comes' }))).instance.revision;
  await other.deregister('web', 'goes');
  await other.setStatus('web', 'stays', 'maintenance');
  storage.compact();
  await clock.advanceAsync(500);
  assert.deepEqual(a.listAll(), other.listAll());
  assert.equal(a.get('web', 'stays')?.status, 'maintenance');
  assert.deepEqual(brief(watch.read(10)), ['snapshot 3,1']);
  for (const revision of [from, between])
    assert.deepEqual(brief(a.watch({ ...idle, from: revision }).read(10)), ['reset', 'snapshot 3,1']);
  // The leases of who stayed go on, those of who went are over.
  await clock.advanceAsync(120_000);
  assert.deepEqual(ports(a), []);
});

test('a store that repeats itself undoes nothing', async (t) => {
  const store = new SharedStorage().open();
  const told: string[] = [];
  const registry = await createRegistry({
    store: storeWith(store, {
      async *follow(from, signal) {
        let before: StoreEvent[] = [];
        for await (const event of store.follow(from, signal)) {
          yield* [event, ...before, event];
          before = [...before, event];
        }
      },
    }),
    clock: new FakeClock(),
    onMembership: ({ kind, id }) => told.push(`${kind} ${id}`),
  });
  t.after(() => registry.close());
  const watch = registry.watch({ ...idle, from: registry.revision });
  await registry.register(web(1, { id: 'one' }));
  await registry.deregister('web', 'one');
  await registry.register(web(2, { id: 'two' }));
  assert.deepEqual(told, ['added one', 'deregistered one', 'added two']);
  assert.deepEqual(brief(watch.read(10)), [
    'put one passing',
    'delete one deregistered',
    'put two passing',
    'bookmark',
  ]);
  assert.deepEqual(ports(registry), [2]);
});

test('when the store has lost its history, the registry starts with the new one, and nobody resumes the old one', async (t) => {
  const { a, storage } = await shared(t);
  await a.register(web(1));
  const { history, revision } = a;
  const watch = a.watch(idle);
  watch.read(10);
  storage.lose();
  while (a.history === history) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(a.revision < revision);
  const [snapshot] = watch.read(10);
  assert.deepEqual([snapshot?.type, snapshot?.type === 'snapshot' && snapshot.history], ['snapshot', a.history]);
  assert.deepEqual(ports(a), []);
  assert.deepEqual(brief(a.watch({ ...idle, from: revision, history }).read(10)), ['reset', 'snapshot ']);
  await a.register(web(2));
  assert.deepEqual(brief(watch.read(10)), ['put web-10.0.0.1-2 passing']);
});

test('a store that commits without telling anybody does not block writers forever', async (t) => {
  const clock = new FakeClock();
  const failures: unknown[] = [];
  let isDeaf = false;
  const store = new SharedStorage().open('a');
  const registry = await createRegistry({
    store: storeWith(store, {
      async *follow(from, signal) {
        for await (const event of store.follow(from, signal)) if (!isDeaf) yield event;
      },
    }),
    clock,
    noteSeenEveryMs: 60_000,
    onBackgroundError: (error) => failures.push(error),
  });
  t.after(() => registry.close());
  await registry.register(web(1));
  isDeaf = true;
  // Its own record stands in the second's way, which waits for what it can't know, and no longer than the first.
  for (const _ of ['first', 'second']) {
    const refused = assert.rejects(registry.register(web(2)), { code: 'STORAGE_UNAVAILABLE' });
    await waitUntil('it waits', () => clock.pendingDelaysMs.includes(10_000));
    await clock.advanceAsync(10_000);
    await refused;
  }
  assert.deepEqual([ports(registry), failures], [[1], []]);
});

test('a check that is reported at another registry does not run out at the owner', async (t) => {
  const { a, b, clock } = await shared(t);
  const announcement: Announcement = {
    ...{ origin: 'consul', name: 'web', id: 'w1', address: '10.0.0.1', port: 80, tags: [], metadata: {}, weight: 1 },
    ...{ leaseMs: 0, replaceChecks: false },
    checks: [{ check: 'beat', definition: { type: 'ttl', ttl_ms: 8_000 }, status: 'passing' }],
  };
  await a.announce(announcement, { via: 'consul' });
  await followed(a, b);
  const place = { name: 'web', id: 'w1', check: 'beat' };
  const { revision } = a;
  for (let step = 0; step < 12; step += 1) {
    await clock.advanceAsync(2_000);
    await b.checks.report(place, { status: 'passing' });
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(a.view.check('web', 'w1', 'beat')?.status, 'passing');
  assert.equal(a.revision, revision, 'nothing has changed');
});
