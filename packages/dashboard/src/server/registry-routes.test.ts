import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ServedRegistry, servedDashboard, servedRegistry } from '@flotilla/conformance';
import { configKeys } from '@flotilla/contracts/config-schema';
import type { Ask } from '@flotilla/testing/http';

async function both(t: TestContext): Promise<{ readonly registry: ServedRegistry; readonly ask: Ask }> {
  const registry = await servedRegistry(t);
  await registry.ask('POST', '/register', { name: 'user-service', address: '10.0.0.1', port: 8001, id: 'u-1' });
  const { ask } = await servedDashboard(t, { registryUrl: registry.url });
  return { registry, ask };
}

/** What user-service says of its settings. */
async function describeSettings({ ask }: ServedRegistry): Promise<void> {
  const level = {
    describe: 'Lowest level',
    expects: 'a level',
    rule: { kind: 'choice', of: ['info', 'debug'] },
    live: true,
  };
  const port = { ...level, rule: { kind: 'text', max_length: 9 }, live: false, local: 'It differs.' };
  const workers = { ...level, rule: { kind: 'integer', min: 1, max: 9 }, default: '4', live: false };
  const settings = { LOG_LEVEL: level, SERVER_PORT: port, MAX_WORKERS: workers };
  await ask('PUT', `/kv/${configKeys.schemaOf('user-service')}`, { settings });
}

test('pages read of the registry what is listed, and nothing else of its API', async (t) => {
  const { ask } = await both(t);
  const list = JSON.parse((await ask('GET', '/api/registry/services?limit=1')).text) as readonly {
    readonly id: string;
  }[];
  assert.deepEqual(
    list.map(({ id }) => id),
    ['u-1'],
  );
  assert.match((await ask('GET', '/api/registry/explain/user-service')).text, /1 of 1 instances get new work/);
  assert.equal((await ask('GET', '/api/registry/trail')).status, 200);
  assert.equal((await ask('GET', '/api/registry/explain/nobody')).status, 404);
  for (const [method, path, status] of [
    ['GET', '/api/registry/services?index=1', 400],
    ['GET', '/api/registry/services/..%2f..%2fkv/instances', 400],
    ['GET', '/api/registry/kv/a%2f..%2f..%2fservices', 400],
    ['PUT', '/api/registry/kv/..%2fregister', 400],
    ['GET', '/api/registry/watch', 404],
    ['POST', '/api/registry/register', 405],
    ['DELETE', '/api/registry/services/user-service/instances/u-1', 405],
    ['PUT', '/api/registry/services/user-service/instances/u-1/status', 405],
    ['DELETE', '/api/registry/kv?prefix=a', 405],
  ] as const)
    assert.equal((await ask(method, path)).status, status, `${method} ${path}`);
});

test('an instance is drained from its page', async (t) => {
  const { ask, registry } = await both(t);
  const path = '/api/registry/services/user-service/instances/u-1/draining';
  assert.equal((await ask('PUT', path, { draining: true })).status, 200);
  assert.equal(registry.registry.get('user-service', 'u-1')?.draining, true);
  assert.equal((await ask('PUT', path, { draining: 'yes' })).status, 400);
});

test('keys are read, written and removed, and what looks like a secret is shown only on request', async (t) => {
  const { ask } = await both(t);
  assert.equal(
    (await ask('PUT', '/api/registry/kv/shop/greeting', 'hello', { 'content-type': 'text/plain' })).status,
    200,
  );
  assert.equal((await ask('PUT', '/api/registry/kv/shop/db_password', 'hunter2')).status, 200);
  assert.equal((await ask('GET', '/api/registry/kv/shop/greeting')).body?.['value'], 'hello');
  const { text } = await ask('GET', '/api/registry/kv?prefix=shop/');
  assert.match(text, /"hidden":true/);
  assert.doesNotMatch(text, /hunter2/);
  assert.doesNotMatch((await ask('GET', '/api/registry/kv/shop/db_password')).text, /hunter2/);
  assert.equal((await ask('GET', '/api/registry/kv/shop/db_password?reveal=true')).body?.['value'], 'hunter2');
  assert.equal((await ask('PUT', '/api/registry/kv/shop/greeting?if_revision=1', 'late')).status, 409);
  assert.equal((await ask('PUT', '/api/registry/kv/shop/bytes', Uint8Array.of(0xff, 0xfe))).status, 400);
  assert.equal((await ask('DELETE', '/api/registry/kv/shop/greeting')).status, 204);
  assert.equal((await ask('GET', '/api/registry/kv/shop/greeting')).status, 404);
});

test('central configuration is checked against what services say of their settings', async (t) => {
  const { ask, registry } = await both(t);
  await describeSettings(registry);
  const set = (path: string, value: string): ReturnType<Ask> => ask('PUT', `/api/registry/config/${path}`, { value });
  assert.deepEqual((await set('user-service/LOG_LEVEL', 'debug')).body?.['followedBy'], ['user-service']);
  assert.deepEqual((await set('shared/MAX_WORKERS', '3')).body?.['atRestartOf'], ['user-service']);
  for (const [path, value, said] of [
    ['user-service/LOG_LEVEL', 'loud', /^The value is not one of info, debug/],
    ['user-service/LOG_LEVL', 'debug', /Did you mean LOG_LEVEL\?$/],
    ['user-service/SERVER_PORT', '1', /cannot be set in central configuration\. It differs\.$/],
    ['shared/LOG_LEVEL', 'loud', /^The value is not one of/],
    ['user-service/LOG_LEVEL', '', /^An empty value counts as unset/],
  ] as const) {
    const { status, body } = await set(path, value);
    assert.equal(status, 400, path);
    assert.match(String(body?.['detail']), said);
  }
  assert.equal((await set('other-service/ANYTHING', 'x')).body?.['isUnchecked'], true);
  const { settings } = (await ask('GET', '/api/registry/config/user-service')).body as unknown as {
    readonly settings: readonly Readonly<Record<string, unknown>>[];
  };
  const shown = settings.map(({ name, value, shared, local }) => [name, value, shared, local]);
  assert.deepEqual(shown, [
    ['LOG_LEVEL', 'debug', undefined, undefined],
    ['MAX_WORKERS', undefined, '3', undefined],
    ['SERVER_PORT', undefined, undefined, 'It differs.'],
  ]);
  const check = await ask('POST', '/api/registry/config/user-service/LOG_LEVEL/check', { value: 'loud' });
  assert.match(String(check.body?.['problem']), /not one of/);
  assert.deepEqual((await ask('GET', '/api/registry/config')).body, {
    shared: 1,
    services: [
      { name: 'other-service', own: 1, isDescribed: false },
      { name: 'user-service', own: 1, isDescribed: true },
    ],
  });
  assert.equal((await ask('DELETE', '/api/registry/config/user-service/LOG_LEVEL')).status, 204);
});

test('without a registry, or with one of another kind, the answer says what to do', async (t) => {
  const away = await servedDashboard(t, { registryUrl: 'http://127.0.0.1:1' });
  const { status, body } = await away.ask('GET', '/api/registry/services');
  assert.equal(status, 503);
  assert.match(
    String(body?.['detail']),
    /cannot be reached\. Check that it runs, and that REGISTRY_URL has its address/,
  );
  const other = await servedDashboard(t, { registryUrl: 'consul://127.0.0.1' });
  assert.equal((await other.ask('GET', '/api/registry/services')).status, 501);
});
