import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import { createRegistry } from '../registry.ts';
import { registryMetrics } from '../registry-metrics.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { registryRoutes } from './routes.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // The tests look into many shapes of JSON and assert what they find.
  readonly body: Readonly<Record<string, unknown>> & readonly Readonly<Record<string, unknown>>[];
}

type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

async function serving(t: TestContext): Promise<{ readonly ask: Ask; readonly clock: FakeClock }> {
  const clock = new FakeClock();
  const metrics = createMetrics();
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics });
  const registry = await createRegistry({ store: openSqliteStore({ file: ':memory:', clock }), clock });
  registryMetrics(registry, metrics);
  registryRoutes(app, registry, { clock });
  const base = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  const ask: Ask = async (method, path, body, headers = {}) => {
    const response = await fetch(base + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };
  return { ask, clock };
}

const web = { name: 'web', id: 'one', address: '10.0.0.1', port: 80 };
const one = '/services/web/instances/one';
const ttl = { type: 'ttl', ttl_ms: 30_000 };

test('checks come with a registration, are shown, reported, and ended', async (t) => {
  const { ask, clock } = await serving(t);
  await ask('POST', '/register', { ...web, lease_ms: 0, checks: [{ ...ttl, title: 'Alive' }] });
  const { status, body } = await ask('PUT', `${one}/checks/ttl/report`, { status: 'critical', output: 'no disk' });
  const { revision, ...check } = body;
  assert.equal(status, 200);
  assert.ok(Number(revision) > 0);
  assert.deepEqual(check, {
    ...{ name: 'web', id: 'one', check: 'ttl', type: 'ttl', title: 'Alive', status: 'critical', output: 'no disk' },
    changed_at: new Date(clock.now()).toISOString(),
    last_run_at: new Date(clock.now()).toISOString(),
    definition: { ...ttl, title: 'Alive' },
  });
  assert.deepEqual((await ask('GET', `${one}/checks`)).body, [body]);
  assert.equal((await ask('GET', one)).body['status'], 'critical');
  assert.equal((await ask('GET', '/service/web')).status, 404);
  assert.equal((await ask('DELETE', `${one}/checks/ttl`)).status, 204);
  assert.deepEqual((await ask('GET', `${one}/checks`)).body, []);
  assert.equal((await ask('GET', one)).body['status'], 'passing');
});

test('a check is added to an instance, and changed', async (t) => {
  const { ask } = await serving(t);
  await ask('POST', '/register', web);
  const added = await ask('PUT', `${one}/checks/alive`, { ...ttl, initial_status: 'warning' });
  assert.deepEqual([added.status, added.body['status'], added.body['check']], [200, 'warning', 'alive']);
  const changed = await ask('PUT', `${one}/checks/alive`, { type: 'ttl', ttl_ms: 5_000 });
  assert.deepEqual(changed.body['definition'], { type: 'ttl', ttl_ms: 5_000, id: 'alive' });
  assert.equal(changed.body['status'], 'warning');
});

test('what may be a credential in a check is shown to nobody', async (t) => {
  const { ask } = await serving(t);
  await ask('POST', '/register', web);
  const definition = {
    ...{
      type: 'http',
      url: 'http://probe:secret@10.0.0.1/health?key=secret&full',
      method: 'POST',
      body: '{"key":"secret"}',
    },
    headers: { Authorization: ['Bearer secret'] },
  };
  const put = await ask('PUT', `${one}/checks/web`, definition);
  assert.deepEqual(put.body['definition'], {
    ...{ type: 'http', id: 'web', url: 'http://10.0.0.1/health?key=***&full', method: 'POST', body: '***' },
    headers: { Authorization: ['***'] },
  });
  assert.doesNotMatch(JSON.stringify((await ask('GET', '/checks')).body), /secret/);
});

test('all checks are listed, by service and status, in pages', async (t) => {
  const { ask } = await serving(t);
  for (const id of ['one', 'two', 'three'])
    await ask('POST', '/register', { name: 'web', id, address: `${id}.local`, port: 80, checks: [ttl] });
  await ask('POST', '/register', { name: 'api', address: '10.0.0.2', port: 80, checks: [ttl] });
  await ask('PUT', '/services/web/instances/two/checks/ttl/report', { status: 'critical' });
  const placesOf = ({ body }: Answer): unknown[] => body.map(({ name, id }) => `${String(name)}/${String(id)}`);
  assert.deepEqual(placesOf(await ask('GET', '/checks')), ['api/api-10.0.0.2-80', 'web/one', 'web/three', 'web/two']);
  assert.deepEqual(placesOf(await ask('GET', '/checks?status=critical')), ['web/two']);
  assert.deepEqual(placesOf(await ask('GET', '/checks?service=api')), ['api/api-10.0.0.2-80']);
  const first = await ask('GET', '/checks?limit=2');
  assert.deepEqual(placesOf(first), ['api/api-10.0.0.2-80', 'web/one']);
  const next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  assert.deepEqual(placesOf(await ask('GET', next)), ['web/three', 'web/two']);
});

test('mistakes about checks are told', async (t) => {
  const { ask } = await serving(t);
  await ask('POST', '/register', { ...web, checks: [{ type: 'http', interval_ms: 60_000 }] });
  const asked: [string, string, unknown, number][] = [
    ['GET', '/services/web/instances/nobody/checks', undefined, 404],
    ['PUT', '/services/web/instances/nobody/checks/ttl', ttl, 404],
    ['PUT', `${one}/checks/nothing/report`, { status: 'passing' }, 404],
    ['DELETE', `${one}/checks/nothing`, undefined, 404],
    ['PUT', `${one}/checks/ttl`, { type: 'ttl' }, 400],
    ['PUT', `${one}/checks/ttl`, { type: 'ttl', ttl_ms: 999 }, 400],
    ['PUT', `${one}/checks/ttl`, { ...ttl, id: 'other' }, 400],
    ['PUT', `${one}/checks/ttl`, { type: 'script', args: ['rm'] }, 400],
    ['PUT', `${one}/checks/a%20b`, ttl, 400],
    ['PUT', `${one}/checks/http/report`, { status: 'passing' }, 400],
    ['PUT', `${one}/checks/http/report`, { status: 'maintenance' }, 400],
    ['PUT', `${one}/checks/x`, { type: 'http', url: 'http://169.254.169.254/latest/meta-data' }, 400],
    ['PUT', `${one}/checks/x`, { type: 'tcp', address: '169.254.169.254' }, 400],
    ['GET', '/checks?status=bad', undefined, 400],
    ['GET', '/checks?limit=0', undefined, 400],
    ['POST', '/checks', {}, 405],
  ];
  for (const [method, path, body, status] of asked)
    assert.equal((await ask(method, path, body)).status, status, `${method} ${path} ${JSON.stringify(body)}`);
  const registered = await ask('POST', '/register', { ...web, checks: [{ type: 'http', url: 'http://[fe80::1]/' }] });
  assert.equal(registered.status, 400);
});

test('only the holder of a registration, or an operator who shows no token, changes its checks', async (t) => {
  const { ask } = await serving(t);
  const held = { 'x-registration-token': 'token-of-web-one' };
  await ask('POST', '/register', { ...web, checks: [ttl] }, held);
  const other = { 'x-registration-token': 'token-of-somebody' };
  for (const [method, path, body] of [
    ['PUT', `${one}/checks/ttl`, ttl],
    ['PUT', `${one}/checks/ttl/report`, { status: 'critical' }],
    ['PUT', `${one}/draining`, { draining: true }],
    ['DELETE', `${one}/checks/ttl`, undefined],
  ] as const) {
    assert.equal((await ask(method, path, body, other)).status, 409, path);
    assert.ok((await ask(method, path, body, held)).status < 300, path);
  }
});

test('an instance that drains is not ready, but stays listed and serves', async (t) => {
  const { ask } = await serving(t);
  await ask('POST', '/register', web);
  const draining = await ask('PUT', `${one}/draining`, { draining: true });
  assert.equal(draining.status, 200);
  const conditions = ({ body }: Answer): unknown[] => [
    body['draining'],
    body['ready'],
    body['serving'],
    body['status'],
  ];
  assert.deepEqual(conditions(draining), [true, false, true, 'passing']);
  assert.equal((await ask('GET', '/service/web')).status, 404);
  assert.equal((await ask('GET', '/services/web/instances')).body.length, 1);
  const { revision } = draining.body;
  assert.equal((await ask('PUT', `${one}/draining`, { draining: true })).body['revision'], revision);
  assert.deepEqual(conditions(await ask('PUT', `${one}/draining`, { draining: false })), [
    false,
    true,
    true,
    'passing',
  ]);
  assert.equal((await ask('GET', '/service/web')).status, 200);
  assert.equal((await ask('PUT', `${one}/draining`, { draining: 'yes' })).status, 400);
  assert.equal((await ask('PUT', '/services/web/instances/nobody/draining', { draining: true })).status, 404);
});

test('checks are counted in the metrics, by type and status', async (t) => {
  const { ask } = await serving(t);
  await ask('POST', '/register', { ...web, checks: [ttl, { ...ttl, id: 'other' }] });
  await ask('PUT', `${one}/checks/other/report`, { status: 'critical' });
  const metrics = String((await ask('GET', '/metrics')).body);
  assert.match(metrics, /^registry_checks\{type="ttl",status="passing"\} 1$/m);
  assert.match(metrics, /^registry_checks\{type="ttl",status="critical"\} 1$/m);
  assert.match(metrics, /^registry_checks_late_total 0$/m);
});
