import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import { type Ask, asker } from '@flotilla/testing/http';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { registryRoutes } from './routes.ts';

async function serving(t: TestContext): Promise<{ ask: Ask; history: string }> {
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics: createMetrics() });
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock: systemClock,
  });
  registryRoutes(app, registry, { clock: systemClock });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  return { ask: asker(url), history: registry.history };
}

const web = { name: 'web', id: 'one', address: '10.0.0.1', port: 80 };
const one = '/services/web/instances/one';
const shows = (token: string): Record<string, string> => ({ 'x-registration-token': token });
const [mine, other] = [shows('4d3f6a52-the-token-of-mine'), shows('9b1c7e08-the-token-of-another')];

test('a registration with a token needs it for renewal, status and deregistration; no answer contains the token', async (t) => {
  const { ask } = await serving(t);
  const registered = await ask('POST', '/register', web, mine);
  assert.equal(registered.status, 200);
  const outcome = async (method: string, path: string, body?: object, headers = {}): Promise<unknown[]> => {
    const answer = await ask(method, path, body, headers);
    return [answer.status, answer.body?.['code']];
  };
  const status = { status: 'critical' };
  assert.deepEqual(await outcome('PUT', `${one}/lease`), [409, 'REGISTRATION_HELD']);
  assert.deepEqual(await outcome('PUT', `${one}/lease`, undefined, other), [409, 'REGISTRATION_LOST']);
  assert.deepEqual(await outcome('PUT', `${one}/lease`, undefined, mine), [200, undefined]);
  assert.deepEqual(await outcome('PUT', `${one}/status`, status), [409, 'REGISTRATION_HELD']);
  assert.deepEqual(await outcome('PUT', `${one}/status`, status, other), [409, 'REGISTRATION_LOST']);
  assert.deepEqual(await outcome('PUT', `${one}/status`, status, mine), [200, undefined]);
  assert.deepEqual(await outcome('DELETE', one), [409, 'REGISTRATION_HELD']);
  assert.deepEqual(await outcome('DELETE', one, undefined, other), [409, 'REGISTRATION_LOST']);
  for (const path of ['/services', '/services/web/instances', one])
    assert.doesNotMatch(JSON.stringify((await ask('GET', path)).body), /token/);
  assert.doesNotMatch(JSON.stringify(registered.body), /token/);
  assert.deepEqual(await outcome('DELETE', one, undefined, mine), [204, undefined]);
});

test('an operator without the token can deregister by force, and set maintenance', async (t) => {
  const { ask } = await serving(t);
  await ask('POST', '/register', web, mine);
  assert.equal((await ask('PUT', `${one}/status`, { status: 'maintenance' })).body?.['status'], 'maintenance');
  assert.equal((await ask('PUT', `${one}/status`, { status: 'passing' })).body?.['status'], 'passing');
  assert.equal((await ask('DELETE', `${one}?force=true`)).status, 204);
  assert.equal((await ask('GET', one)).status, 404);
  assert.deepEqual((await ask('DELETE', `${one}?force=yes`)).fields, ['?force']);
});

test("the tutorial's three fields register and renew, even a registration with a token", async (t) => {
  const { ask } = await serving(t);
  const { id: _, ...plain } = web;
  for (const created of [true, false, false]) {
    const answer = await ask('POST', '/register', plain);
    assert.deepEqual([answer.status, answer.body?.['created']], [200, created]);
  }
  await ask('POST', '/register', { ...web, port: 81 }, mine);
  const answer = await ask('POST', '/register', { ...plain, port: 81 });
  assert.deepEqual([answer.status, answer.body?.['created']], [200, false]);
  assert.equal((await ask('PUT', `${one}/lease`, undefined, mine)).status, 200);
});

test('an invalid token is a 400', async (t) => {
  const { ask } = await serving(t);
  for (const token of ['short', 'x'.repeat(129), 'with a space in its middle', 'with,a,comma,in,it'])
    assert.deepEqual((await ask('POST', '/register', web, shows(token))).fields, ['x-registration-token'], token);
});

test('every answer names its history', async (t) => {
  const { ask, history } = await serving(t);
  for (const [method, path] of [
    ['GET', '/services'],
    ['GET', '/'],
    ['PUT', `${one}/lease`],
    ['GET', '/health'],
  ] as const)
    assert.equal((await ask(method, path)).headers.get('x-registry-history'), history, path);
});
