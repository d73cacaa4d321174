import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lastingStore } from '@flotilla/conformance';
import type { Registration } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { createRegistry, type Registry } from './registry.ts';
import type { RegistryOptions } from './state/options.ts';
import type { RecordStore } from './store/record-store.ts';
import { openSqliteStore } from './store/sqlite-store.ts';

const web = (port: number, more: Partial<Registration> = {}): Registration => ({
  name: 'web',
  address: '10.0.0.1',
  port,
  ...more,
});

/** A store that a registry leaves behind for the next one. */
function storeLeft(t: TestContext): RecordStore {
  const store = openSqliteStore({ file: ':memory:', clock: new FakeClock(0) });
  t.after(() => store.close());
  return lastingStore(store);
}

/** A registry on the store, begun at `startMs` after the start of the tests. */
async function begun(
  t: TestContext,
  store: RecordStore,
  clock: FakeClock = new FakeClock(),
  options: Partial<RegistryOptions> = {},
): Promise<{ registry: Registry; clock: FakeClock }> {
  const registry = await createRegistry({ store, clock, ...options });
  t.after(() => registry.close());
  return { registry, clock };
}

/** A clock that has come as far as another, as a machine's goes on while a program is down. */
function later(clock: FakeClock, byMs: number): FakeClock {
  return new FakeClock(clock.now() + byMs);
}

const ports = (registry: Registry): readonly number[] => registry.listAll().map(({ port }) => port);

test('after a restart everything is there, and revisions and history continue', async (t) => {
  const store = storeLeft(t);
  const { registry: before } = await begun(t, store);
  await before.register(web(1, { tags: ['t'] }));
  await before.register(web(3));
  await before.deregister('web', 'web-10.0.0.1-3');
  const listed = before.listAll();
  await before.close();

  const { registry } = await begun(t, store);
  assert.deepEqual(registry.listAll(), listed);
  assert.deepEqual([registry.revision, registry.history], [before.revision, before.history]);
  const resumed = registry.watch({ onReady: () => {}, from: registry.revision, history: registry.history });
  assert.deepEqual(resumed.read(10), [{ type: 'bookmark', revision: registry.revision }]);
  const older = registry.watch({ onReady: () => {}, from: registry.revision - 1 });
  assert.equal(older.read(10)[0]?.type, 'reset');
});

test('after a restart a lease has its remaining time, and at least the grace period', async (t) => {
  const store = storeLeft(t);
  const { registry: before, clock } = await begun(t, store);
  const { instance } = await before.register(web(1, { lease_ms: 60_000 }));
  await before.register(web(2, { lease_ms: 60_000 }));
  await before.register(web(3, { lease_ms: 1_000 }));
  await clock.advanceAsync(30_000);
  before.renew('web', instance.id);
  await before.register(web(3, { lease_ms: 1_000 }));
  await before.close();

  const { registry, clock: after } = await begun(t, store, later(clock, 5_000));
  await after.advanceAsync(9_999);
  assert.deepEqual(ports(registry), [1, 2, 3]);
  await after.advanceAsync(1);
  assert.deepEqual(ports(registry), [1, 2]);
  await after.advanceAsync(19_999);
  assert.deepEqual(ports(registry), [1, 2]);
  await after.advanceAsync(1);
  assert.deepEqual(ports(registry), [1]);
  await after.advanceAsync(30_000);
  assert.deepEqual(ports(registry), []);
});

test('downtime of the registry ends no lease', async (t) => {
  const store = storeLeft(t);
  const { registry: before, clock } = await begun(t, store);
  await before.register(web(1, { lease_ms: 60_000 }));
  await clock.advanceAsync(20_000);
  await before.close();
  const { registry, clock: after } = await begun(t, store, later(clock, 3_600_000));
  await after.advanceAsync(39_999);
  assert.deepEqual(ports(registry), [1]);
  await after.advanceAsync(1);
  assert.deepEqual(ports(registry), []);
});

test('a killed registry gives a lease at most the time that was not recorded', async (t) => {
  const store = storeLeft(t);
  const { registry: before, clock } = await begun(t, store, new FakeClock(), { noteSeenEveryMs: 10_000 });
  await before.register(web(1, { lease_ms: 60_000 }));
  // Nobody renews, so nothing but the registry's own note says how far the time has gone.
  await clock.advanceAsync(45_000);
  const { registry, clock: after } = await begun(t, store, later(clock, 1_000));
  await after.advanceAsync(19_999);
  assert.deepEqual(ports(registry), [1]);
  await after.advanceAsync(1);
  assert.deepEqual(ports(registry), []);
  await before.close();
});

test('after the grace period a renewed lease is as long as the instance asked for', async (t) => {
  const store = storeLeft(t);
  const { registry: before } = await begun(t, store);
  const { instance } = await before.register(web(1, { lease_ms: 1_000 }));
  await before.close();
  const { registry, clock } = await begun(t, store);
  registry.renew('web', instance.id);
  await clock.advanceAsync(1_000);
  assert.deepEqual(registry.listAll(), []);
});

test('a restart keeps tokens and maintenance', async (t) => {
  const store = storeLeft(t);
  const { registry: before } = await begun(t, store);
  const { instance } = await before.register(web(1), 'the first token');
  await before.setStatus('web', instance.id, 'maintenance');
  await before.close();
  const { registry } = await begun(t, store);
  assert.equal(registry.get('web', instance.id)?.status, 'maintenance');
  assert.throws(() => registry.renew('web', instance.id, 'another token'), { code: 'REGISTRATION_LOST' });
  registry.renew('web', instance.id, 'the first token');
});

test('of two services that an older version allowed at one address and port, the newer one stays', async (t) => {
  const store = storeLeft(t);
  const { registry: before } = await begun(t, store);
  const { instance } = await before.register(web(80));
  await before.close();
  const { address, port, tags, metadata, weight, lease_ms, registered_at } = instance;
  const value = { name: 'api', id: 'newer', address, port, tags, metadata, weight, lease_ms, registered_at };
  const lease = { owner: store.owner, seenMs: 1 };
  await store.commit([{ type: 'put', kind: 'instance', key: 'api/newer', value, lease }]);
  const { registry } = await begun(t, store);
  assert.deepEqual(
    registry.listAll().map(({ name }) => name),
    ['api'],
  );
});
