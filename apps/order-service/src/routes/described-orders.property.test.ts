import { test } from 'node:test';
import { assertAsDescribed } from '@flotilla/conformance/openapi';
import { systemClock as clock } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { serveDocuments } from '@flotilla/kit/openapi';
import { orderServiceName } from '@flotilla/order-contract';
import { serveApp } from '@flotilla/testing/http';
import { orderService } from '../orders.ts';
import { orderDatabase } from '../store/orders.ts';
import { addOrderRoutes } from './order-routes.ts';

test('order-service is as its document says: what it accepts, what it refuses, and every answer', async (t) => {
  const database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  const users = { find: async (id: number) => (id <= 2 ? { id, name: 'A', email: 'a@example.com' } : undefined) };
  const parts = {
    database,
    clock,
    keys: idempotencyKeys({ database }),
    events: { add: async () => undefined, attribute: () => undefined },
    users,
  };
  const served = await serveApp((app) => {
    addOrderRoutes(app, orderService(parts));
    serveDocuments(app, { title: orderServiceName, defaultLocale: 'en' });
  });
  t.after(async () => {
    await served.close();
    await database.close();
  });
  await assertAsDescribed(served.url, { ids: { id: [1, 2, 3], user_id: [1, 2] } });
});
