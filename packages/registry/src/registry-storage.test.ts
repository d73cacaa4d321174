import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { storeWith } from '@flotilla/conformance';
import { AppError, isAppError, type Registration, type WatchEvent } from '@flotilla/contracts';
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

const memory = (): RecordStore => openSqliteStore({ file: ':memory:', clock: new FakeClock(0) });

interface Flaky {
  readonly registry: Registry;
  readonly clock: FakeClock;
  readonly complaints: string[];
  /** Whether the storage is out of order. */
  broken: boolean;
}

/** A registry over a store that refuses to write while it is told so. */
async function flaky(t: TestContext, options: Partial<RegistryOptions> = {}): Promise<Flaky> {
  const store = memory();
  const clock = new FakeClock();
  const complaints: string[] = [];
  const refuse = (): Promise<never> => Promise.reject(new AppError('STORAGE_UNAVAILABLE'));
  const its = { broken: false };
  const registry = await createRegistry({
    store: storeWith(store, {
      commit: (changes, conditions) => (its.broken ? refuse() : store.commit(changes, conditions)),
      noteSeen: (signs, aliveMs) => (its.broken ? refuse() : store.noteSeen(signs, aliveMs)),
    }),
    clock,
    onBackgroundError: (_error, doing) => complaints.push(doing),
    ...options,
  });
  t.after(() => registry.close());
  return Object.assign(its, { registry, clock, complaints });
}

function brief(events: readonly WatchEvent[]): readonly string[] {
  return events.map((event) =>
    event.type === 'snapshot' ? `snapshot ${event.instances.map(({ port }) => port).join()}` : event.type,
  );
}

const refused = (error: unknown): boolean => isAppError(error) && error.code === 'STORAGE_UNAVAILABLE';

test('when the store fails, nothing is acknowledged or changed, and then everything continues', async (t) => {
  const its = await flaky(t);
  const { registry } = its;
  await registry.register(web(1));
  its.broken = true;
  await assert.rejects(registry.register(web(2)), refused);
  await assert.rejects(registry.deregister('web', 'web-10.0.0.1-1'), refused);
  assert.deepEqual(
    registry.listAll().map(({ port }) => port),
    [1],
  );
  registry.renew('web', 'web-10.0.0.1-1');
  its.broken = false;
  await registry.register(web(2));
  assert.equal(registry.revision, 2);
});

test('an expired lease is not served even if its end cannot be stored, and watchers learn of it', async (t) => {
  const its = await flaky(t);
  const { registry, clock } = its;
  await registry.register(web(1, { lease_ms: 1_000 }));
  await registry.register(web(2));
  const watch = registry.watch({ onReady: () => {} });
  assert.deepEqual(brief(watch.read(10)), ['snapshot 1,2']);
  its.broken = true;
  await clock.advanceAsync(1_000);
  assert.equal(registry.get('web', 'web-10.0.0.1-1'), undefined);
  assert.deepEqual(
    Array.from({ length: 3 }, () => registry.pick('web')?.port),
    [2, 2, 2],
  );
  assert.equal(registry.listAll().length, 1);
  assert.deepEqual(brief(watch.read(10)), ['snapshot 2']);
  const resumed = registry.watch({ onReady: () => {}, from: registry.revision });
  assert.deepEqual(brief(resumed.read(10)), ['reset', 'snapshot 2']);
  await clock.advanceAsync(20_000);
  assert.equal(its.complaints.filter((doing) => doing.startsWith('remove')).length, 1);
  its.broken = false;
  await clock.advanceAsync(1_000);
  assert.deepEqual(brief(watch.read(10)), ['delete']);
  assert.equal(registry.stats().expired, 1);
  const late = registry.watch({ onReady: () => {}, from: registry.revision });
  assert.deepEqual(brief(late.read(10)), ['bookmark']);
});

test('an instance that returns before its end could be stored is served again', async (t) => {
  const its = await flaky(t);
  const { registry, clock } = its;
  const { instance } = await registry.register(web(1, { lease_ms: 1_000 }));
  const watch = registry.watch({ onReady: () => {} });
  its.broken = true;
  await clock.advanceAsync(1_000);
  assert.equal(registry.pick('web'), undefined);
  registry.renew('web', instance.id);
  assert.equal(registry.pick('web')?.port, 1);
  assert.deepEqual(brief(watch.read(10)), ['snapshot 1']);
  its.broken = false;
  await clock.advanceAsync(500);
  assert.deepEqual(brief(watch.read(10)), []);
  await clock.advanceAsync(1_500);
  assert.deepEqual(brief(watch.read(10)), ['delete']);
});

test('what was committed is in effect, whatever a listener throws', async (t) => {
  const its = await flaky(t, {
    onMembership: () => {
      throw new Error('the log is full');
    },
    onNotice: () => {
      throw new Error('the log is full');
    },
  });
  const { registry } = its;
  registry.watch({
    onReady: () => {
      throw new Error('a stream is broken');
    },
  });
  const other = registry.watch({ onReady: () => {}, from: registry.revision });
  other.read(10);
  await Promise.all([registry.register(web(1)), registry.register(web(2)), registry.register(web(1, { name: 'api' }))]);
  assert.deepEqual(
    registry.listAll().map(({ name, port }) => `${name} ${port}`),
    ['api 1', 'web 2'],
  );
  assert.deepEqual(brief(other.read(10)), ['put', 'put', 'delete', 'put']);
  assert.ok(its.complaints.length >= 4);
});
