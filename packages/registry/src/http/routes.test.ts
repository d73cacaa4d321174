import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Problem, systemClock } from '@flotilla/contracts';
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

async function serving(t: TestContext): Promise<Ask> {
  const metrics = createMetrics();
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics });
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock: systemClock,
  });
  registryMetrics(registry, metrics);
  registryRoutes(app, registry, { clock: systemClock });
  const base = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  return async (method, path, body, headers = {}) => {
    const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    const response = await fetch(base + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(text === undefined ? {} : { body: text as NonNullable<RequestInit['body']> }), // Node's fetch takes bytes too.
    });
    const answer = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(answer) : answer };
  };
}

function fieldsOf(answer: Answer): readonly string[] {
  const problem: unknown = answer.body;
  return ((problem as Problem).errors ?? []).map(({ field }) => field); // Only called on problems; wrong ones give [].
}

const web = { name: 'web', address: '10.0.0.1', port: 80 };
const one = '/services/web/instances/web-10.0.0.1-80';

test('an instance goes through its life: registered, found, listed, renewed, changed, deregistered', async (t) => {
  const ask = await serving(t);
  const registered = await ask('POST', '/register', web);
  assert.equal(registered.status, 200);
  assert.equal(registered.body['created'], true);
  const found = await ask('GET', '/service/web');
  assert.deepEqual(found.body, registered.body['instance']);
  assert.equal(found.headers.get('x-registry-revision'), '1');
  assert.deepEqual((await ask('GET', '/services')).body, [found.body]);
  assert.deepEqual((await ask('GET', '/services/web/instances')).body, [found.body]);
  assert.deepEqual((await ask('GET', one)).body, found.body);
  const renewed = await ask('PUT', `${one}/lease`, undefined, { 'content-type': 'application/json' });
  assert.deepEqual([renewed.status, renewed.body['lease_ms']], [200, 60_000]);
  assert.ok(Date.parse(String(renewed.body['expires_at'])) > Date.now() + 50_000);
  assert.equal((await ask('PUT', `${one}/status`, { status: 'critical' })).body['status'], 'critical');
  assert.equal((await ask('GET', '/service/web')).status, 404);
  assert.equal((await ask('DELETE', one)).status, 204);
  assert.equal((await ask('DELETE', one)).body['code'], 'INSTANCE_NOT_FOUND');
  assert.deepEqual((await ask('GET', '/services')).body, []);
});

test('missing services, instances and leases are told apart; an unknown service has an empty list', async (t) => {
  const ask = await serving(t);
  for (const [method, path, code] of [
    ['GET', '/service/web', 'SERVICE_NOT_FOUND'],
    ['GET', one, 'INSTANCE_NOT_FOUND'],
    ['DELETE', one, 'INSTANCE_NOT_FOUND'],
    ['PUT', `${one}/lease`, 'LEASE_NOT_FOUND'],
  ] as const) {
    const { status, body } = await ask(method, path);
    assert.deepEqual([status, body['code']], [404, code], `${method} ${path}`);
  }
  assert.equal((await ask('PUT', `${one}/status`, { status: 'passing' })).body['code'], 'INSTANCE_NOT_FOUND');
  assert.deepEqual((await ask('GET', '/services/web/instances')).body, []);
});

test('every bad registration is a 400 that names the field', async (t) => {
  const ask = await serving(t);
  const long = 'x'.repeat(10_000);
  const cases: readonly (readonly [unknown, string])[] = [
    [{ ...web, name: undefined }, '/name'],
    [{ ...web, name: '' }, '/name'],
    [{ ...web, name: long }, '/name'],
    [{ ...web, name: 'a/b' }, '/name'],
    [{ ...web, name: 7 }, '/name'],
    [{ ...web, address: undefined }, '/address'],
    [{ ...web, address: 'http://10.0.0.1' }, '/address'],
    [{ ...web, address: '10.0.0.1:80' }, '/address'],
    [{ ...web, address: '256.1.1.1' }, '/address'],
    [{ ...web, address: long }, '/address'],
    [{ ...web, port: undefined }, '/port'],
    [{ ...web, port: 0 }, '/port'],
    [{ ...web, port: 70_000 }, '/port'],
    [{ ...web, port: -1 }, '/port'],
    [{ ...web, port: 80.5 }, '/port'],
    [{ ...web, port: '80' }, '/port'],
    [{ ...web, port: 1e308 }, '/port'],
    [{ ...web, port: null }, '/port'],
    [{ ...web, id: 'a b' }, '/id'],
    [{ ...web, id: long }, '/id'],
    [{ ...web, tags: 'blue' }, '/tags'],
    [{ ...web, tags: ['blue', 7] }, '/tags/1'],
    [{ ...web, tags: Array.from({ length: 33 }, () => 'x') }, '/tags'],
    [{ ...web, metadata: { zone: 7 } }, '/metadata/zone'],
    [{ ...web, metadata: { zone: long } }, '/metadata/zone'],
    [{ ...web, metadata: [] }, '/metadata'],
    [{ ...web, weight: -1 }, '/weight'],
    [{ ...web, weight: 1001 }, '/weight'],
    [{ ...web, status: 'UP' }, '/status'],
    [{ ...web, lease_ms: 999 }, '/lease_ms'],
    [{ ...web, lease_ms: 86_400_001 }, '/lease_ms'],
    [{ ...web, leaseMs: 5_000 }, '/leaseMs'],
    [`{"name":"web","address":"10.0.0.1","port":80,"__proto__":{"x":1}}`, '/__proto__'],
    ['[]', ''],
    ['null', ''],
    ['7', ''],
  ];
  for (const [body, field] of cases) {
    const answer = await ask('POST', '/register', body);
    const shown = JSON.stringify(body).slice(0, 100);
    assert.deepEqual([answer.status, answer.body['code']], [400, 'INVALID_REQUEST'], shown);
    assert.ok(fieldsOf(answer).includes(field), `${shown} names ${JSON.stringify(fieldsOf(answer))}`);
  }
  assert.deepEqual((await ask('GET', '/services')).body, []);
});

test('a body that is not JSON is refused with the reason', async (t) => {
  const ask = await serving(t);
  const cases: readonly (readonly [string | Uint8Array | undefined, Record<string, string>, number, string])[] = [
    ['{"name":', {}, 400, 'INVALID_JSON'],
    ['', { 'content-type': 'application/json' }, 400, 'INVALID_'],
    [Uint8Array.from([0x22, 0xff, 0x22]), {}, 400, 'INVALID_JSON'],
    ['name=web', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [JSON.stringify(web), { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [JSON.stringify({ ...web, name: 'x'.repeat(2_000_000) }), {}, 413, 'PAYLOAD_TOO_LARGE'],
    ['['.repeat(500_000), {}, 400, 'INVALID_JSON'],
  ];
  for (const [body, headers, status, code] of cases) {
    const answer = await ask('POST', '/register', body, headers);
    assert.equal(answer.status, status, String(body).slice(0, 40));
    assert.ok(String(answer.body['code']).startsWith(code));
  }
});

test('bad paths, queries and statuses are 400s that name the place', async (t) => {
  const ask = await serving(t);
  const cases: readonly (readonly [string, string, string])[] = [
    ['GET', `/service/${'x'.repeat(64)}`, '{name}'],
    ['GET', '/service/a%2Fb', '{name}'],
    ['GET', '/service/%00', '{name}'],
    ['GET', '/services/web/instances/a%20b', '{id}'],
    ['PUT', `/services/web/instances/${'x'.repeat(129)}/lease`, '{id}'],
    ['DELETE', '/services/-/instances/x', '{name}'],
    ['GET', '/services?status=up', '?status'],
    ['GET', '/services?served=yes', '?served'],
    ['GET', '/services?served=true&served=false', '?served'],
    ['GET', '/services?tag=', '?tag.0'],
    ['GET', '/services?meta.a=1&meta.a=2', '?meta.a'],
    ['GET', '/services?metazone=a', '?metazone'],
    ['GET', '/services/web/instances?%ff=1', '?%ff'],
    ['GET', '/watch?from=-1', '?from'],
    ['GET', '/watch?from=1.5', '?from'],
    ['GET', '/watch?from=99999999999999999', '?from'],
    ['GET', '/watch?service=', '?service.0'],
    ['GET', '/watch?services=web', '?services'],
  ];
  for (const [method, path, field] of cases) {
    const answer = await ask(method, path);
    assert.equal(answer.status, 400, path);
    assert.deepEqual([...new Set(fieldsOf(answer))], [field], path);
  }
  assert.deepEqual(fieldsOf(await ask('PUT', `${one}/status`, { status: 'UP' })), ['/status']);
  assert.deepEqual(fieldsOf(await ask('PUT', `${one}/status`, {})), ['/status']);
  assert.equal((await ask('GET', `/services/web/instances/${'x'.repeat(128)}`)).status, 404);
});

test('a method that a path does not have is a 405 that lists its methods', async (t) => {
  const ask = await serving(t);
  for (const [method, path, allow] of [
    ['GET', '/register', 'POST, OPTIONS'],
    ['POST', '/services', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/service/web', 'GET, HEAD, OPTIONS'],
    ['POST', one, 'GET, HEAD, DELETE, OPTIONS'],
    ['GET', `${one}/lease`, 'PUT, OPTIONS'],
    ['POST', '/watch', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const answer = await ask(method, path);
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, allow], `${method} ${path}`);
  }
});

test('lists filter by status, tags and metadata', async (t) => {
  const ask = await serving(t);
  await ask('POST', '/register', { ...web, tags: ['x', 'y'], metadata: { zone: 'a', 'k.v': '1&2' } });
  await ask('POST', '/register', { ...web, port: 81, tags: ['x'], status: 'critical' });
  const ports = async (query: string): Promise<readonly unknown[]> =>
    (await ask('GET', `/services/web/instances?${query}`)).body.map(({ port }) => port);
  assert.deepEqual(await ports('tag=x'), [80, 81]);
  assert.deepEqual(await ports('tag=x&tag=y'), [80]);
  assert.deepEqual(await ports('status=critical'), [81]);
  assert.deepEqual(await ports('served=true'), [80]);
  assert.deepEqual(await ports('meta.zone=a&meta.k.v=1%262'), [80]);
  assert.deepEqual(await ports('meta.zone=b'), []);
});

test('metrics show instances by service and status, and forget services that are gone', async (t) => {
  const ask = await serving(t);
  await ask('POST', '/register', web);
  await ask('PUT', `${one}/lease`);
  const lines = async (): Promise<readonly string[]> =>
    String((await ask('GET', '/metrics')).body)
      .split('\n')
      .filter((line) => line.startsWith('registry_'));
  const before = await lines();
  assert.ok(before.includes('registry_instances{service="web",status="passing"} 1'));
  assert.ok(before.includes('registry_lease_renewals_total 1'));
  assert.ok(before.includes('registry_revision 1'));
  await ask('DELETE', one);
  assert.ok(!(await lines()).some((line) => line.includes('service="web"')));
});
