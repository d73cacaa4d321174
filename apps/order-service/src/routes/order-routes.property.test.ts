import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileRequests, hostileSender, serveApp } from '@flotilla/testing/http';
import fc from 'fast-check';
import { openSqliteOrderStore } from '../store/sqlite-order-store.ts';
import { addOrderRoutes } from './order-routes.ts';

test('whatever is thrown at it, order-service answers: never a 5xx, and each refusal is a problem with a code', async (t) => {
  const store = openSqliteOrderStore(':memory:', 0);
  const users = { find: async (id: number) => (id <= 2 ? { id, name: 'A', email: 'a@example.com' } : undefined) };
  const served = await serveApp((app) => addOrderRoutes(app, store, users));
  const sender = hostileSender(served.url);
  t.after(async () => {
    sender.close();
    await served.close();
    await store.close();
  });
  const requests = hostileRequests({
    paths: ['/order', '/orders', '/orders/:id'],
    parameters: ['id', 'user_id', 'limit', 'cursor'],
    fields: { user_id: [1, 2], item: ['Tea', '商品'], amount: [1, 99.5, '0.29'] },
  });
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const { status, contentType, body } = await sender.send(request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      assert.ok(status < 500, `${status} ${body}`);
      if (status >= 400 && status < 500 && request.method !== 'HEAD') {
        assert.match(contentType, /^application\/problem\+json/);
        assert.match(JSON.parse(body).code, /^[A-Z_]+$/);
      }
    }),
    { numRuns: 3_000 },
  );
  // The requests must not all fail at the door: every kind of answer has to have been seen.
  for (const status of [200, 201, 204, 400, 404, 405, 415]) assert.ok(statuses.has(status), `no ${status} among them`);
});
