import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { createRegistry, type Registry } from './registry.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import { topicOf } from './watch/topics.ts';
import type { Announcement } from './write/announcement-changes.ts';

const actor = { via: 'consul', client: '192.0.2.1' } as const;

const web = (fields: Partial<Announcement> = {}): Announcement => ({
  origin: 'consul',
  name: 'web',
  id: 'web-1',
  address: '10.0.0.1',
  port: 80,
  tags: [],
  metadata: {},
  weight: 1,
  leaseMs: 0,
  draining: false,
  checks: [],
  replaceChecks: false,
  ...fields,
});

async function opened(t: TestContext, file = ':memory:'): Promise<{ registry: Registry; clock: FakeClock }> {
  const clock = new FakeClock(1_000_000);
  const registry = await createRegistry({ store: openSqliteStore({ file, clock: new FakeClock(1) }), clock });
  t.after(() => registry.close());
  return { registry, clock };
}

test('instances that are announced share an address and port, may have no port, and live without a lease', async (t) => {
  const { registry, clock } = await opened(t);
  await registry.register({ name: 'native', address: '10.0.0.1', port: 80, lease_ms: 1_000 });
  await registry.announce(web(), actor);
  await registry.announce(web({ name: 'api', id: 'api-1' }), actor);
  const { instance } = await registry.announce(web({ name: 'job', id: 'job-1', port: 0 }), actor);
  assert.deepEqual([instance.port, instance.ready, instance.serving, instance.lease_ms], [0, false, true, 0]);
  await clock.advanceAsync(100_000_000);
  assert.deepEqual(registry.view.names, ['api', 'job', 'web']);
  assert.equal(registry.pick('job'), undefined);
  assert.equal(registry.pick('web')?.id, 'web-1');
});

test('an announcement that says the same changes nothing and wakes nobody; another address is the same instance', async (t) => {
  const { registry } = await opened(t);
  const extra = { Node: 'one', TaggedAddresses: { lan: { Address: '10.0.0.1' } } };
  assert.equal((await registry.announce(web({ extra }), actor)).created, true);
  const { revision } = registry;
  assert.equal((await registry.announce(web({ extra: { ...extra } }), actor)).created, false);
  assert.equal(registry.revision, revision);
  await registry.announce(web({ address: '10.0.0.2', extra }), actor);
  const found = registry.view.find('web', 'web-1');
  assert.deepEqual([found?.shown.address, found?.createdRevision, found?.extra], ['10.0.0.2', revision, extra]);
  assert.equal(registry.stats().instances, 1);
  assert.equal(registry.view.byId('web-1').length, 1);
});

test('checks decide the status, keep it over a new announcement, and their output alone is no change', async (t) => {
  const { registry, clock } = await opened(t);
  const checks = [{ check: 'ttl', definition: { type: 'ttl', ttl_ms: 5_000 }, status: 'critical' }] as const;
  await registry.announce(web({ checks }), actor);
  assert.equal(registry.get('web', 'web-1')?.status, 'critical');
  const place = { name: 'web', id: 'web-1', check: 'ttl' };
  clock.advance(10);
  await registry.checks.report(place, { status: 'passing', output: 'fine' }, actor);
  const { revision } = registry;
  await registry.checks.report(place, { status: 'passing', output: 'finer' }, actor);
  await registry.announce(web({ checks }), actor);
  assert.equal(registry.revision, revision);
  const [check] = registry.view.checks('web', 'web-1');
  assert.deepEqual([check?.status, check?.output, check?.changedMs], ['passing', 'finer', 1_000_010]);
  await registry.checks.put(place, { check: 'tcp', definition: { type: 'tcp' }, status: 'warning' });
  assert.equal(registry.get('web', 'web-1')?.status, 'warning');
  await registry.announce(web({ checks, replaceChecks: true }), actor);
  assert.equal(registry.get('web', 'web-1')?.status, 'passing');
  await registry.checks.remove(place);
  await assert.rejects(registry.checks.remove(place), { code: 'CHECK_NOT_FOUND' });
  await assert.rejects(registry.checks.report(place, { status: 'critical' }), { code: 'CHECK_NOT_FOUND' });
  await assert.rejects(registry.checks.put({ name: 'web', id: 'web-2' }, { check: 'a', status: 'passing' }), {
    code: 'INSTANCE_NOT_FOUND',
  });
});

test('a restart keeps what was announced, its checks, and the revisions that made them', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'registry.db');
  const { registry: before } = await opened(t, file);
  const checks = [
    { check: 'up', definition: { type: 'http', path: '/up' }, status: 'warning', output: 'slow' },
  ] as const;
  await before.announce(web({ port: 0, extra: { a: [1, null, { b: 'c' }] }, checks }), actor);
  await before.setDraining('web', 'web-1', true);
  const shown = before.view.find('web', 'web-1');
  assert.deepEqual([shown?.shown.draining, shown?.shown.ready, shown?.shown.serving], [true, false, true]);
  await before.close();
  const { registry } = await opened(t, file);
  assert.deepEqual(registry.view.find('web', 'web-1'), shown);
});

test('a native registration and an announcement of the same name and id take the place of each other', async (t) => {
  const { registry } = await opened(t);
  const native = { name: 'web', id: 'web-1', address: '10.0.0.9', port: 9 };
  await registry.announce(web({ extra: { a: 1 } }), actor);
  await registry.register(native);
  assert.deepEqual([registry.stats().instances, registry.view.find('web', 'web-1')?.extra], [1, undefined]);
  await registry.announce(web(), actor);
  assert.deepEqual([registry.stats().instances, registry.view.find('web', 'web-1')?.origin], [1, 'consul']);
  await registry.register(native, 'a token of sixteen');
  await assert.rejects(registry.announce(web(), actor), { code: 'REGISTRATION_HELD' });
});

test('a native registration may bring checks, and then needs no lease', async (t) => {
  const { registry, clock } = await opened(t);
  const native = { name: 'web', address: '10.0.0.9', port: 9, lease_ms: 0 };
  const checks = [{ type: 'http' }, { type: 'http', path: '/deep' }, { type: 'tcp', id: 'http-2' }] as const;
  const { instance } = await registry.register({ ...native, checks });
  const ids = (): readonly string[] => registry.view.checks('web', instance.id).map(({ check }) => check);
  assert.deepEqual(ids(), ['http', 'http-2', 'http-3']);
  await clock.advanceAsync(200_000);
  await registry.register(native);
  assert.equal(ids().length, 3);
  await registry.register({ ...native, checks: [{ type: 'tcp' }] });
  assert.deepEqual(ids(), ['tcp']);
});

test('a commit touches the topics of what it changes, and no others', async (t) => {
  const { registry } = await opened(t);
  const { topics } = registry;
  const touched = async (change: Promise<unknown>): Promise<readonly string[]> => {
    const before = registry.revision;
    await change;
    const all = [
      topicOf.services,
      topicOf.service('web'),
      topicOf.members('web'),
      topicOf.health,
      topicOf.service('api'),
    ];
    return all.filter((topic) => topics.indexOf(topic) > before);
  };
  const place = { name: 'web', id: 'web-1', check: 'ttl' };
  assert.deepEqual(await touched(registry.announce(web(), actor)), ['services', 'service:web', 'members:web']);
  assert.deepEqual(await touched(registry.checks.put(place, { check: 'ttl', status: 'passing' })), [
    ...['service:web', 'health'],
  ]);
  assert.deepEqual(await touched(registry.checks.report(place, { status: 'passing', output: 'new' })), []);
  assert.deepEqual(await touched(registry.checks.report(place, { status: 'warning' })), ['service:web', 'health']);
  assert.deepEqual(await touched(registry.announce(web({ metadata: { a: '1' } }), actor)), [
    'service:web',
    'members:web',
  ]);
  assert.deepEqual(await touched(registry.announce(web({ metadata: { a: '1' } }), actor)), []);
  assert.deepEqual(await touched(registry.setStatus('web', 'web-1', 'maintenance')), ['service:web', 'health']);
  assert.deepEqual(await touched(registry.deregister('web', 'web-1')), [
    ...['services', 'service:web', 'members:web', 'health'],
  ]);
});

test('an instance that an operator drains goes on draining when it is announced again by who knows nothing of it', async (t) => {
  const { registry } = await opened(t);
  const { draining: _, ...silent } = web();
  await registry.announce(silent, actor);
  await registry.setDraining('web', 'web-1', true);
  const { revision } = registry;
  await registry.announce(silent, actor);
  assert.equal(registry.revision, revision, 'nothing has changed');
  await registry.announce({ ...silent, tags: ['new'] }, actor);
  const shown = registry.get('web', 'web-1');
  assert.deepEqual([shown?.draining, shown?.ready, shown?.tags], [true, false, ['new']]);
});
