import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileRequests, hostileSender, serveApp } from '@flotilla/testing/http';
import fc from 'fast-check';
import { openSqliteUserStore } from '../store/sqlite-user-store.ts';
import { addUserRoutes } from './user-routes.ts';

test('whatever is thrown at it, user-service answers: never a 5xx, and each refusal is a problem with a code', async (t) => {
  const store = openSqliteUserStore(':memory:', 0);
  const served = await serveApp((app) => addUserRoutes(app, store));
  const sender = hostileSender(served.url);
  t.after(async () => {
    sender.close();
    await served.close();
    await store.close();
  });
  const requests = hostileRequests({
    paths: ['/user', '/users', '/users/:id'],
    parameters: ['id', 'limit', 'cursor'],
    fields: { name: ['Ada', '李雷'], email: Array.from({ length: 50 }, (_, index) => `user-${index}@example.com`) },
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
