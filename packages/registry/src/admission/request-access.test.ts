import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp, type HttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import { type Ask, asker } from '@flotilla/testing/http';
import { AccessGate } from '../access/access-gate.ts';
import { shownToken } from '../access/shown-token.ts';
import { readTokenList } from '../access/token-list.ts';
import { registryRoutes } from '../http/routes.ts';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { RequestAccess } from './request-access.ts';

const [orders, operator] = ['the-token-of-the-orders', 'the-token-of-operators'];
const list = readTokenList(
  JSON.stringify([
    { name: 'orders', token: orders, register: ['order-'] },
    { name: 'ops', token: operator, operate: true },
  ]),
);

async function serving(t: TestContext): Promise<{ app: HttpApp; ask: Ask }> {
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics: createMetrics() });
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }),
    clock: systemClock,
  });
  const entries = list.ok ? list.entries : assert.fail(list.problems.join());
  const access = new RequestAccess(new AccessGate({ clock: systemClock, entries }));
  registryRoutes(app, registry, { clock: systemClock, access });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  return { app, ask: asker(url) };
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const order = { name: 'order-service', id: 'one', address: '10.0.0.1', port: 80 };
const one = '/services/order-service/instances/one';

test('a request does only what its token may, and is told what is missing', async (t) => {
  const { ask } = await serving(t);
  const outcome = async (method: string, path: string, token?: string, body?: object): Promise<unknown> => {
    const answer = await ask(method, path, body, token === undefined ? {} : bearer(token));
    return answer.status === 403 ? answer.body?.['detail'] : answer.status;
  };
  assert.match(String(await outcome('POST', '/register', undefined, order)), /without a token .* may not register/);
  assert.match(String(await outcome('POST', '/register', 'a-token-nobody-has', order)), /not known/);
  assert.equal(await outcome('POST', '/register', orders, order), 200);
  assert.equal(
    await outcome('POST', '/register', orders, { ...order, name: 'user-service', port: 81 }),
    'The token "orders" may not register the service user-service (right "register")',
  );
  assert.equal(await outcome('PUT', `${one}/lease`, orders), 200);
  assert.match(String(await outcome('PUT', `${one}/lease`)), /may not register/);
  assert.equal(await outcome('GET', '/services', orders), 200);
  assert.match(String(await outcome('GET', '/services')), /may not look up services/);
  assert.match(String(await outcome('HEAD', '/services')), /undefined|look up/);
  assert.match(String(await outcome('DELETE', `${one}?force=true`, orders)), /may not do what operators do/);
  assert.equal(await outcome('DELETE', `${one}?force=true`, operator), 204);
  // A registration that is not valid is refused as that, once it is known who sends it.
  assert.equal(await outcome('POST', '/register', operator, { name: 'a' }), 400);
});

test('what is open to all stays so, whatever token is shown', async (t) => {
  const { ask } = await serving(t);
  for (const path of ['/health', '/'])
    for (const headers of [{}, bearer('a-token-nobody-has')])
      assert.equal((await ask('GET', path, undefined, headers)).status, 200, path);
});

test('a route that nobody has stated the right of ends the start', async (t) => {
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics: createMetrics() });
  t.after(() => app.close());
  new RequestAccess(new AccessGate({ clock: systemClock })).guard(app, { rightsOf: () => undefined });
  assert.throws(() => app.get('/secret', () => 'x'), /GET \/secret/);
});

test('the token is found wherever clients put it, and Prometheus shows none', () => {
  const basic = (text: string): { authorization: string } => ({
    authorization: `Basic ${Buffer.from(text).toString('base64')}`,
  });
  assert.equal(shownToken({ authorization: 'bearer  abc' }), 'abc');
  assert.equal(shownToken({ 'x-consul-token': 'abc' }), 'abc');
  assert.equal(shownToken(basic('eureka:a:bc')), 'a:bc');
  assert.equal(shownToken(basic(':')), undefined);
  assert.equal(shownToken({ ...basic(':'), 'x-consul-token': 'abc' }), 'abc');
  assert.equal(shownToken({}, 'abc'), 'abc');
  assert.equal(shownToken({ authorization: 'nonsense' }, ['a', 'b']), undefined);
});
