import { test } from 'node:test';
import { assertWithstands } from '@flotilla/conformance/http';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { serveApp } from '@flotilla/testing/http';
import { userDatabase } from '../store/users.ts';
import { userService } from '../users.ts';
import { addUserRoutes } from './user-routes.ts';

test('user-service answers any input: never a 5xx, and each refusal is a problem, in Chinese on request', async (t) => {
  const database = await openDatabase({ url: 'sqlite::memory:', ...userDatabase, seed: userDatabase.demoData });
  const parts = {
    database,
    keys: idempotencyKeys({ database }),
    events: { add: async () => undefined, attribute: () => undefined },
  };
  const served = await serveApp((app) => addUserRoutes(app, userService(parts)));
  t.after(async () => {
    await served.close();
    await database.close();
  });
  const targets = {
    paths: ['/user', '/users', '/users/:id'],
    parameters: ['id', 'limit', 'cursor'],
    fields: { name: ['Ada', '李雷'], email: Array.from({ length: 50 }, (_, index) => `user-${index}@example.com`) },
  };
  await assertWithstands(served.url, targets, [200, 201, 204, 400, 404, 405, 415]);
});
