import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lastingStore, SharedStorage, storeWith } from '@flotilla/conformance';
import { AppError } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { createRegistry, type Registry } from '../registry.ts';
import type { RegistryOptions } from '../state/options.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { KeyOperation } from './key-operation.ts';
import type { NewSession } from './sessions.ts';

interface Begun {
  readonly registry: Registry;
  readonly clock: FakeClock;
}

async function begun(t: TestContext, options: Partial<RegistryOptions> = {}): Promise<Begun> {
  const clock = new FakeClock();
  const store = openSqliteStore({ file: ':memory:', clock });
  const registry = await createRegistry({ store, clock, ...options });
  t.after(() => registry.close());
  return { registry, clock };
}

/** Begins a session that nothing ends but its end. Returns its id. */
async function session(registry: Registry, more: Partial<NewSession> = {}): Promise<string> {
  const created = await registry.sessions.create({
    name: '',
    ttlMs: 0,
    lockDelayMs: 15_000,
    behavior: 'release',
    links: [],
    ...more,
  });
  return created.value.id;
}

const value = Buffer.from('x').toString('base64');

/** Tries to lock a key. Returns whether it did, or why not. */
async function lock(registry: Registry, key: string, by: string, verb: 'lock' | 'unlock' = 'lock'): Promise<string> {
  const outcome = await registry.keys.transact([{ verb, key, value, session: by }]);
  return outcome.kind === 'done' ? 'done' : (outcome.failures[0]?.why ?? '');
}

const holder = (registry: Registry, key: string): string | undefined => registry.keys.get(key)?.session;

test('one session at a time holds a lock, and gives it back', async (t) => {
  const { registry } = await begun(t);
  const [one, two] = [await session(registry), await session(registry)];
  assert.equal(await lock(registry, 'a', 'nobody'), 'no-session');
  const tries = await Promise.all([one, two, one, two].map((by) => lock(registry, 'a', by)));
  assert.deepEqual(tries, ['done', 'held', 'done', 'held']);
  assert.equal(registry.keys.get('a')?.lockIndex, 1);
  await registry.keys.transact([{ verb: 'set', key: 'a', value: '' }]);
  assert.equal(holder(registry, 'a'), one, 'a write by somebody else leaves the lock');
  assert.equal(await lock(registry, 'a', two, 'unlock'), 'not-held');
  assert.equal(await lock(registry, 'a', one, 'unlock'), 'done');
  assert.equal(await lock(registry, 'a', two), 'done', 'one that was given back may be locked at once');
  assert.equal(registry.keys.get('a')?.lockIndex, 2);
});

test('a session that is not renewed in time ends, and its locks are free after the delay', async (t) => {
  const { registry, clock } = await begun(t);
  const id = await session(registry, { ttlMs: 10_000, lockDelayMs: 5_000 });
  const other = await session(registry);
  await lock(registry, 'a', id);
  await clock.advanceAsync(9_999);
  registry.sessions.renew(id);
  await clock.advanceAsync(9_999);
  assert.equal(holder(registry, 'a'), id);
  await clock.advanceAsync(1);
  assert.deepEqual([holder(registry, 'a'), registry.sessions.get(id)], [undefined, undefined]);
  assert.throws(() => registry.sessions.renew(id), { code: 'SESSION_NOT_FOUND' });
  assert.equal(await lock(registry, 'a', other), 'delayed');
  await clock.advanceAsync(4_999);
  assert.equal(await lock(registry, 'a', other), 'delayed');
  await clock.advanceAsync(1);
  assert.equal(await lock(registry, 'a', other), 'done');
});

test('the keys of a session that says so are deleted with it', async (t) => {
  const { registry } = await begun(t);
  const id = await session(registry, { behavior: 'delete', lockDelayMs: 0 });
  await lock(registry, 'mine', id);
  await registry.keys.transact([{ verb: 'set', key: 'other', value }]);
  await registry.sessions.destroy(id);
  await registry.sessions.destroy(id);
  assert.deepEqual(
    [...registry.keys.under('')].map(({ key }) => key),
    ['other'],
  );
  assert.equal(await lock(registry, 'mine', await session(registry)), 'done', 'without a delay at once');
});

test('a session with more locks than fit into a commit ends with all of them', async (t) => {
  const { registry } = await begun(t);
  const [id, other] = [await session(registry), await session(registry)];
  const keys = Array.from({ length: 130 }, (_, index) => `k${index}`);
  await Promise.all(keys.map((key) => lock(registry, key, id)));
  await registry.sessions.destroy(id);
  assert.deepEqual(
    [...registry.keys.under('')].filter((entry) => entry.session !== undefined),
    [],
  );
  assert.equal(registry.keys.size, 130);
  for (const key of keys) assert.equal(await lock(registry, key, other), 'delayed', key);
});

test('a session ends with the instance or the check that it depends on', async (t) => {
  const { registry } = await begun(t);
  const { instance } = await registry.register({ name: 'web', address: '10.0.0.1', port: 1 });
  const [name, id] = ['web', instance.id];
  const links = [{ name, id, check: 'disk' }];
  await assert.rejects(session(registry, { links }), { code: 'SESSION_LINK_BROKEN', detail: /has no check disk/ });
  await registry.checks.put({ name, id }, { check: 'disk', status: 'passing' });
  const [byCheck, byInstance] = [
    await session(registry, { links }),
    await session(registry, { links: [{ name, id }] }),
  ];
  await lock(registry, 'a', byCheck);
  await registry.checks.report({ name, id, check: 'disk' }, { status: 'warning' });
  assert.equal(holder(registry, 'a'), byCheck);
  await registry.checks.report({ name, id, check: 'disk' }, { status: 'critical' });
  await ended(registry, byCheck);
  assert.equal(holder(registry, 'a'), undefined);
  await assert.rejects(session(registry, { links }), { code: 'SESSION_LINK_BROKEN', detail: /is critical/ });
  await registry.deregister(name, id);
  await ended(registry, byInstance);
  await assert.rejects(session(registry, { links: [{ name, id }] }), { detail: /web has no instance/ });
});

/** Waits until a session has ended. */
async function ended(registry: Registry, id: string): Promise<void> {
  for (let turn = 0; turn < 100 && registry.sessions.get(id) !== undefined; turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
  assert.equal(registry.sessions.get(id), undefined);
}

test('after a restart a session has its time in full, and one that has lost its check meanwhile ends', async (t) => {
  const store = lastingStore(openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }));
  const first = await createRegistry({ store, clock: new FakeClock() });
  const { instance } = await first.register({ name: 'web', address: '10.0.0.1', port: 1 });
  const kept = await session(first, { ttlMs: 10_000 });
  const linked = await session(first, { links: [{ name: 'web', id: instance.id }] });
  await lock(first, 'kept', kept);
  await lock(first, 'linked', linked);
  await first.close();
  // As if the program had been killed between the two commits.
  await store.commit([{ type: 'delete', kind: 'instance', key: `web/${instance.id}` }]);
  const { registry, clock } = await begun(t, { store });
  assert.deepEqual([holder(registry, 'kept'), holder(registry, 'linked')], [kept, undefined]);
  await clock.advanceAsync(9_999);
  assert.equal(holder(registry, 'kept'), kept);
  await clock.advanceAsync(1);
  assert.equal(holder(registry, 'kept'), undefined);
});

test('a session whose end could not be stored locks nothing more, and ends when it can be', async (t) => {
  const clock = new FakeClock();
  const store = openSqliteStore({ file: ':memory:', clock });
  let isFull = false;
  const registry = await createRegistry({
    clock,
    store: storeWith(store, {
      commit: async (changes, conditions) => {
        if (isFull) throw new AppError('STORAGE_UNAVAILABLE');
        return store.commit(changes, conditions);
      },
    }),
  });
  t.after(() => registry.close());
  const id = await session(registry, { ttlMs: 10_000 });
  await lock(registry, 'a', id);
  isFull = true;
  await clock.advanceAsync(10_000);
  assert.equal(await lock(registry, 'b', id), 'no-session');
  isFull = false;
  await clock.advanceAsync(1_000);
  await ended(registry, id);
  assert.equal(holder(registry, 'a'), undefined);
});

test('there may be so many sessions and no more', async (t) => {
  const { registry } = await begun(t, { keyLimits: { maxSessions: 1 } });
  const id = await session(registry);
  await assert.rejects(session(registry), { code: 'KEY_LIMIT', message: /MAX_SESSIONS allows 1/ });
  await registry.sessions.destroy(id);
  await session(registry);
});

test('of two registries on one store, one counts the time of a session, and the other passes on renewals', async (t) => {
  const storage = new SharedStorage();
  const clock = new FakeClock();
  const [one, two] = [
    await createRegistry({ store: storage.open('one'), clock }),
    await createRegistry({ store: storage.open('two'), clock }),
  ];
  t.after(() => two.close());
  const id = await session(one, { ttlMs: 10_000 });
  const operation: KeyOperation = { verb: 'lock', key: 'a', value, session: id };
  await seen(() => two.sessions.get(id) !== undefined);
  assert.equal((await two.keys.transact([operation])).kind, 'done');
  await clock.advanceAsync(9_000);
  two.sessions.renew(id);
  await clock.advanceAsync(9_000);
  assert.equal(holder(one, 'a'), id);
  await one.close();
  await clock.advanceAsync(0);
  await seen(() => two.sessions.get(id)?.owner === 'two');
  await clock.advanceAsync(9_999);
  assert.equal(holder(two, 'a'), id);
  await clock.advanceAsync(1);
  await ended(two, id);
  assert.equal(holder(two, 'a'), undefined);
});

async function seen(what: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100 && !what(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(what());
}
