import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { createHealth } from '@flotilla/kit/health';
import { createHttpApp } from '@flotilla/kit/http';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { FakeClock } from '@flotilla/testing';
import { AccessGate } from '../access/access-gate.ts';
import { readTokenList } from '../access/token-list.ts';
import { RequestAccess } from '../admission/request-access.ts';
import { createRegistry } from '../registry.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { consulRoutes } from './consul-routes.ts';

const token = 'the-token-of-the-orders';

test("a token limits what Consul's clients do, however they show it", async (t) => {
  const list = readTokenList(
    JSON.stringify([
      { name: 'orders', token, register: ['order-'] },
      { name: 'slow', token: 'the-token-of-the-slow', register: ['order-'], max_requests_per_second: 0.1 },
      { name: 'locks', token: 'the-token-of-the-locks', write_keys: ['locks/'] },
      { name: 'other-locks', token: 'the-token-of-the-others', write_keys: ['others/'] },
    ]),
  );
  const entries = list.ok ? list.entries : assert.fail(list.problems.join());
  const { app } = await createHttpApp({ logger: silentLogger(), health: createHealth(), metrics: createMetrics() });
  const registry = await createRegistry({
    store: openSqliteStore({ file: ':memory:', clock: new FakeClock(1) }),
    clock: systemClock,
  });
  t.after(async () => {
    await app.close();
    await registry.close();
  });
  const node = { name: 'here', id: 'c6b5f0a1-0000-4000-8000-000000000000', address: '127.0.0.1', datacenter: 'dc1' };
  const access = new RequestAccess(new AccessGate({ clock: systemClock, entries }));
  consulRoutes(app, registry, {
    access,
    node: { ...node, port: 8500, meta: {} },
    clock: systemClock,
    onBackgroundError: assert.fail,
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const ask = async (
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<string> => {
    const answer = await fetch(`${url}/v1${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    return `${answer.status} ${await answer.text()}`;
  };
  const shown = { 'x-consul-token': token };
  assert.match(await ask('GET', '/status/leader'), /^200 /);
  assert.match(await ask('GET', '/catalog/services'), /^403 .*may not look up services/);
  assert.match(await ask('GET', `/catalog/services?token=${token}`), /^200 /);
  assert.match(await ask('PUT', '/agent/service/register', { name: 'order-web', Port: 80 }), /^403 .*order-web/);
  assert.match(await ask('PUT', '/agent/service/register', { name: 'order-web', Port: 80 }, shown), /^200 /);
  assert.match(await ask('PUT', '/agent/service/register', { Name: 'users', Port: 81 }, shown), /^403 .*users/);
  // The same id in a service that it may not register: what is there stays.
  const moved = { Name: 'users', ID: 'order-web', Port: 80 };
  assert.match(await ask('PUT', '/agent/service/register', moved, shown), /^403 .*users/);
  assert.match(await ask('GET', '/health/service/order-web', undefined, shown), /"ID":"order-web"/);
  assert.match(await ask('PUT', '/agent/service/deregister/order-web'), /^403 /);
  const wrong = { 'x-consul-token': 'a-token-that-nobody-has' };
  assert.match(await ask('PUT', '/agent/service/deregister/order-web', undefined, wrong), /^403 /);
  assert.match(
    await ask('PUT', '/agent/service/register', { Name: 'order-web', Port: 80 }, wrong),
    /^403 .*The token is not known/,
  );
  const slow = { 'x-consul-token': 'the-token-of-the-slow' };
  const web = { Name: 'order-web', Port: 80 };
  assert.match(await ask('PUT', '/agent/service/register', web, slow), /^200 /);
  assert.match(await ask('PUT', '/agent/service/register', web, slow), /^429 .*0\.1 requests per second/);

  const locks = { 'x-consul-token': 'the-token-of-the-locks' };
  const others = { 'x-consul-token': 'the-token-of-the-others' };
  assert.match(await ask('PUT', '/session/create'), /^403 .*sessions \(right "write_keys"\)/);
  assert.match(await ask('PUT', '/session/create', undefined, shown), /^403 /);
  const [, id] = /"ID":"([^"]+)"/.exec(await ask('PUT', '/session/create', undefined, locks)) ?? [];
  assert.match(await ask('PUT', `/kv/locks/one?acquire=${id}`, undefined, locks), /^200 true/);
  for (const one of [{}, shown, others])
    assert.match(await ask('PUT', `/session/destroy/${id}`, undefined, one), /^403 /);
  assert.match(await ask('PUT', `/session/renew/${id}`), /^403 /);
  assert.match(await ask('PUT', `/session/renew/${id}`, undefined, locks), /^200 /);
  assert.match(await ask('PUT', `/session/destroy/${id}`, undefined, locks), /^200 true/);
  assert.match(
    await ask('PUT', '/agent/service/deregister/order-web', undefined, { authorization: `Bearer ${token}` }),
    /^200 /,
  );
  assert.match(await ask('PUT', '/catalog/register', { Node: 'x', Address: '10.0.0.1' }, shown), /^403 .*operators/);
});
