import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isAppError, type Registration } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { createRegistry, type Registry } from './registry.ts';
import type { Notice, RegistryOptions } from './state/options.ts';
import { openSqliteStore } from './store/sqlite-store.ts';

interface Opened {
  readonly registry: Registry;
  readonly clock: FakeClock;
  readonly notices: Notice[];
}

async function opened(t: TestContext, options: Partial<RegistryOptions> = {}): Promise<Opened> {
  const clock = new FakeClock();
  const notices: Notice[] = [];
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock,
    onNotice: (notice) => notices.push(notice),
    ...options,
  });
  t.after(() => registry.close());
  return { registry, clock, notices };
}

const web = (port: number, more: Partial<Registration> = {}): Registration => ({
  name: 'web',
  address: '10.0.0.1',
  port,
  ...more,
});

const [older, newer] = ['the token of the older', 'the token of the newer'];
const lost = (error: unknown): boolean => isAppError(error) && error.code === 'REGISTRATION_LOST';
const held = (error: unknown): boolean => isAppError(error) && error.code === 'REGISTRATION_HELD';
const kinds = (notices: readonly Notice[]): readonly string[] => notices.map(({ kind }) => kind);
const listed = (registry: Registry): readonly string[] => registry.listAll().map(({ id, port }) => `${id} ${port}`);

test('of two processes with one id, the newer one owns it, and nothing that the older one does affects it', async (t) => {
  const { registry, notices } = await opened(t);
  await registry.register(web(1, { id: 'one' }), older);
  await registry.register(web(2, { id: 'one' }), newer);
  assert.throws(() => registry.renew('web', 'one', older), lost);
  await assert.rejects(registry.setStatus('web', 'one', 'critical', older), lost);
  await assert.rejects(registry.deregister('web', 'one', { token: older }), lost);
  await assert.rejects(registry.register(web(1, { id: 'one' }), older), lost);
  assert.deepEqual(listed(registry), ['one 2']);
  assert.equal(registry.get('web', 'one')?.status, 'passing');
  assert.deepEqual(kinds(notices), ['lost'], 'once, not with every try');
  registry.renew('web', 'one', newer);
  await registry.deregister('web', 'one', { token: newer });
  assert.deepEqual(listed(registry), []);
});

test('when the newer one is gone, the older one learns that it is forgotten, and may register again', async (t) => {
  const { registry } = await opened(t);
  await registry.register(web(1, { id: 'one' }), older);
  await registry.register(web(2, { id: 'one' }), newer);
  await registry.deregister('web', 'one', { token: newer });
  assert.throws(() => registry.renew('web', 'one', older), { code: 'LEASE_NOT_FOUND' });
  await registry.register(web(1, { id: 'one' }), older);
  registry.renew('web', 'one', older);
});

test('a restarted process at the same address takes over the registration and its maintenance, but not its status', async (t) => {
  const { registry, clock } = await opened(t);
  const first = await registry.register(web(1, { id: 'one', tags: ['old'] }), older);
  await registry.setStatus('web', 'one', 'critical', older);
  clock.advance(1_000);
  const { instance, created } = await registry.register(web(1, { id: 'one' }), newer);
  assert.deepEqual([instance.status, instance.tags, created], ['passing', [], false]);
  assert.ok(instance.registered_at > first.instance.registered_at);
  assert.throws(() => registry.renew('web', 'one', older), lost);
});

test('a process without a token renews for the current owner, changes only what it names, and takes over nothing', async (t) => {
  const { registry } = await opened(t);
  const first = await registry.register(web(1, { id: 'one', tags: ['a'], lease_ms: 5_000 }), older);
  const plain = await registry.register(web(1));
  assert.deepEqual(plain, { created: false, instance: first.instance });
  assert.equal((await registry.register(web(1, { weight: 7 }))).instance.weight, 7);
  assert.deepEqual(registry.get('web', 'one')?.tags, ['a']);
  registry.renew('web', 'one', older);
});

test('without its token, a registration cannot be renewed, ended or judged', async (t) => {
  const { registry, notices } = await opened(t);
  await registry.register(web(1, { id: 'one' }), older);
  assert.throws(() => registry.renew('web', 'one'), held);
  await assert.rejects(registry.deregister('web', 'one'), held);
  await assert.rejects(registry.setStatus('web', 'one', 'critical'), held);
  await assert.rejects(registry.register(web(1, { status: 'critical' })), held);
  await registry.deregister('web', 'one', { force: true });
  assert.deepEqual(notices, [{ kind: 'forced', name: 'web', id: 'one' }]);
});

test('a registration without a token belongs to anybody, for programs that do not know tokens', async (t) => {
  const { registry, notices } = await opened(t);
  const { instance } = await registry.register(web(1));
  registry.renew('web', instance.id);
  registry.renew('web', instance.id, older);
  assert.equal((await registry.setStatus('web', instance.id, 'critical')).status, 'critical');
  assert.equal((await registry.register(web(1))).instance.status, 'critical');
  await registry.deregister('web', instance.id);
  assert.deepEqual(notices, []);
});

test('a second service at an address and port replaces the first one, with a warning', async (t) => {
  const { registry, notices } = await opened(t);
  await registry.register(web(80, { id: 'one' }), older);
  const watch = registry.watch({ onReady: () => {}, from: registry.revision });
  await registry.register(web(80, { name: 'api', id: 'two' }), newer);
  assert.deepEqual(listed(registry), ['two 80']);
  assert.deepEqual(
    watch.read(10).map((event) => (event.type === 'delete' ? event.reason : event.type)),
    ['replaced', 'put', 'bookmark'],
  );
  const [notice] = notices;
  assert.ok(notice?.kind === 'place-taken' && notice.instance.name === 'web' && notice.by.name === 'api');
  // It must not come back: the two would oust each other for ever.
  assert.throws(() => registry.renew('web', 'one', older), lost);
  await assert.rejects(registry.register(web(80, { id: 'one' }), older), lost);
  await registry.deregister('api', 'two', { token: newer });
  await registry.register(web(80, { id: 'one' }), older);
});

test("maintenance by an operator overrides the instance's report until the operator ends it", async (t) => {
  const { registry, notices } = await opened(t);
  await registry.register(web(1, { id: 'one' }), older);
  const watch = registry.watch({ onReady: () => {}, from: registry.revision });
  assert.equal((await registry.setStatus('web', 'one', 'maintenance')).status, 'maintenance');
  assert.equal((await registry.setStatus('web', 'one', 'passing', older)).status, 'maintenance');
  assert.equal(
    (await registry.register(web(1, { id: 'one', status: 'passing' }), older)).instance.status,
    'maintenance',
  );
  assert.equal((await registry.setStatus('web', 'one', 'critical', older)).status, 'maintenance');
  assert.equal(registry.pick('web'), undefined);
  assert.equal((await registry.setStatus('web', 'one', 'passing')).status, 'critical');
  assert.equal((await registry.setStatus('web', 'one', 'passing', older)).status, 'passing');
  assert.deepEqual(kinds(notices), ['maintenance', 'maintenance-ended']);
  assert.deepEqual(
    watch.read(10).map((event) => (event.type === 'put' ? event.instance.status : event.type)),
    ['maintenance', 'maintenance', 'critical', 'passing', 'bookmark'],
  );
});

test('maintenance survives the registration: a graceful restart and an expiry', async (t) => {
  const { registry, clock } = await opened(t);
  await registry.register(web(1, { id: 'one', lease_ms: 1_000 }), older);
  await registry.setStatus('web', 'one', 'maintenance');
  await registry.deregister('web', 'one', { token: older });
  assert.equal((await registry.register(web(2, { id: 'one', lease_ms: 1_000 }), newer)).instance.status, 'maintenance');
  await clock.advanceAsync(1_000);
  assert.deepEqual(listed(registry), []);
  assert.equal((await registry.register(web(3, { id: 'one' }), newer)).instance.status, 'maintenance');
  await registry.setStatus('web', 'one', 'passing');
  await registry.deregister('web', 'one', { token: newer });
  assert.equal((await registry.register(web(3, { id: 'one' }), newer)).instance.status, 'passing');
});

test('maintenance is forgotten when its instance has been gone for too long', async (t) => {
  const { registry, clock } = await opened(t, { keepMaintenanceMs: 60_000 });
  await registry.register(web(1, { id: 'one' }), older);
  await registry.setStatus('web', 'one', 'maintenance');
  await registry.deregister('web', 'one', { token: older });
  clock.advance(60_001);
  assert.equal((await registry.register(web(1, { id: 'one' }), newer)).instance.status, 'passing');
});
