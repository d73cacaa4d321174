import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { clientNetwork, isAppError, type Registration } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { createRegistry, type Registry } from './registry.ts';
import type { RegistryOptions } from './state/options.ts';
import { openSqliteStore } from './store/sqlite-store.ts';

const [here, there] = ['192.0.2.1', '2001:db8:0:1::/64'];

async function registryOf(t: TestContext, limits: RegistryOptions['limits'] = {}, file = ':memory:') {
  const clock = new FakeClock(1_000_000);
  const registry = await createRegistry({ store: openSqliteStore({ file, clock: new FakeClock(0) }), clock, limits });
  t.after(() => registry.close());
  return { registry, clock };
}

const web = (port: number, fields: Partial<Registration> = {}): Registration => ({
  name: 'web',
  address: '10.0.0.1',
  port,
  ...fields,
});

/** What a registration from `client` comes to: `ok`, or the setting that refuses it. */
async function tried(registry: Registry, registration: Registration, client?: string): Promise<string> {
  try {
    await registry.register(registration, undefined, client);
    return 'ok';
  } catch (error) {
    if (!isAppError(error) || error.code !== 'REGISTRATION_LIMIT') throw error;
    return String(error.parameters['setting']);
  }
}

test('instances are limited per service, per client and in total, and the refusal names the setting', async (t) => {
  const limits = { maxInstances: 4, maxInstancesPerService: 2, maxInstancesPerClient: 3 };
  const { registry } = await registryOf(t, limits);
  assert.equal(await tried(registry, web(1), here), 'ok');
  assert.equal(await tried(registry, web(2), here), 'ok');
  assert.equal(await tried(registry, web(3), here), 'MAX_INSTANCES_PER_SERVICE');
  assert.equal(await tried(registry, web(3, { name: 'api' }), here), 'ok');
  assert.equal(await tried(registry, web(4, { name: 'api' }), here), 'MAX_INSTANCES_PER_CLIENT');
  assert.equal(await tried(registry, web(4, { name: 'api' }), there), 'ok');
  assert.equal(await tried(registry, web(5, { name: 'db' }), there), 'MAX_INSTANCES');
  await registry.deregister('web', 'web-10.0.0.1-2');
  assert.equal(await tried(registry, web(5, { name: 'db' }), here), 'ok');
});

test('tags and metadata are limited by their bytes; a change counts by what it adds', async (t) => {
  const limits = { maxMetadataBytes: 1_200, maxMetadataBytesPerService: 1_000, maxMetadataBytesPerClient: 600 };
  const { registry } = await registryOf(t, limits);
  const holding = (port: number, bytes: number, name = 'web'): Registration =>
    web(port, { name, metadata: { k: 'x'.repeat(bytes - 6) } });
  assert.equal(await tried(registry, holding(1, 500), here), 'ok');
  assert.equal(await tried(registry, holding(2, 200), here), 'MAX_METADATA_BYTES_PER_CLIENT');
  assert.equal(await tried(registry, holding(1, 510), here), 'ok');
  assert.equal(await tried(registry, holding(2, 400), there), 'ok');
  assert.equal(await tried(registry, holding(3, 100), there), 'MAX_METADATA_BYTES_PER_SERVICE');
  assert.equal(await tried(registry, holding(3, 300, 'api')), 'MAX_METADATA_BYTES');
  assert.equal(await tried(registry, holding(1, 100), here), 'ok');
  assert.equal(await tried(registry, holding(3, 300, 'api')), 'ok');
  // Six bytes for one character in JSON: what is counted is what readers get.
  assert.equal(await tried(registry, web(4, { metadata: { k: '\u0001'.repeat(100) } }), here), 'MAX_METADATA_BYTES');
});

test('registrations in one batch count each other', async (t) => {
  const { registry } = await registryOf(t, { maxInstancesPerClient: 5 });
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => tried(registry, web(1 + index), here)));
  assert.equal(outcomes.filter((outcome) => outcome === 'ok').length, 5);
  await Promise.all([registry.deregister('web', 'web-10.0.0.1-1'), tried(registry, web(100), here)]);
  assert.equal(registry.list('web').length, 5);
});

test('registered instances can renew and change, even if the limit was lowered; expired ones make room', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'registry-limits-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'registry.db');
  const before = await registryOf(t, {}, file);
  for (const port of [1, 2, 3]) await before.registry.register(web(port, { lease_ms: 20_000 }), undefined, here);
  await before.registry.close();
  const { registry, clock } = await registryOf(t, { maxInstances: 2, maxInstancesPerClient: 2 }, file);
  assert.equal(await tried(registry, web(1, { lease_ms: 20_000, weight: 2 }), here), 'ok');
  // After a restart only a sign of life tells whose they are.
  registry.renew('web', 'web-10.0.0.1-2', undefined, here);
  assert.equal(await tried(registry, web(4), here), 'MAX_INSTANCES');
  await clock.advanceAsync(19_000);
  registry.renew('web', 'web-10.0.0.1-2', undefined, here);
  await clock.advanceAsync(2_000);
  assert.equal(registry.list('web').length, 1);
  assert.equal(await tried(registry, web(4), here), 'ok');
  assert.equal(await tried(registry, web(5), there), 'MAX_INSTANCES');
});

test('moving to another address, and taking over an address, add nothing', async (t) => {
  const { registry } = await registryOf(t, { maxInstances: 1 });
  assert.equal(await tried(registry, web(1, { id: 'one' }), here), 'ok');
  assert.equal(await tried(registry, web(2, { id: 'one' }), there), 'ok');
  assert.equal(await tried(registry, web(2, { name: 'api' }), here), 'ok');
  assert.deepEqual(
    registry.listAll().map(({ name }) => name),
    ['api'],
  );
});

test('a client is an IPv4 address, or the /64 network of an IPv6 address', () => {
  assert.equal(clientNetwork('::ffff:192.0.2.1'), here);
  assert.equal(clientNetwork('192.0.2.1'), here);
  assert.equal(clientNetwork('2001:db8:0:1:aaaa:bbbb:cccc:dddd'), there);
  assert.equal(clientNetwork('2001:0DB8:0:1::7'), there);
  assert.equal(clientNetwork('fe80::1%eth0'), 'fe80:0:0:0::/64');
});
