import { test } from 'node:test';
import { assertWithstands } from '@flotilla/conformance/http';
import { systemClock as clock } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { serveApp } from '@flotilla/testing/http';
import { orderService } from '../orders.ts';
import { orderDatabase } from '../store/orders.ts';
import { addOrderRoutes } from './order-routes.ts';

test('order-service answers any input: never a 5xx, and each refusal is a problem, in Chinese on request', async (t) => {
  const database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  const users = { find: async (id: number) => (id <= 2 ? { id, name: 'A', email: 'a@example.com' } : undefined) };
  const parts = {
    database,
    clock,
    keys: idempotencyKeys({ database }),
    events: { add: async () => undefined, attribute: () => undefined },
    users,
  };
  const served = await serveApp((app) => addOrderRoutes(app, orderService(parts)));
  t.after(async () => {
    await served.close();
    await database.close();
  });
  const targets = {
    paths: ['/order', '/orders', '/orders/:id'],
    parameters: ['id', 'user_id', 'limit', 'cursor'],
    fields: { user_id: [1, 2], item: ['Tea', '商品'], amount: [1, 99.5, '0.29'] },
  };
  await assertWithstands(served.url, targets, [200, 201, 204, 400, 404, 405, 415]);
});
