import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, isAppError } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { TraceIds } from '@flotilla/kit/telemetry';
import { type CallContext, userErrors } from '@flotilla/user-contract';
import { orderDatabase, orderStore } from '../store/orders.ts';
import { createOrder, type OrderCreation } from './create-order.ts';

const context: CallContext = { requestId: 'r-1', trace: new TraceIds().newTrace() };
const failsWith = (code: string) => (error: unknown) => isAppError(error) && error.code === code;

test('an order is added after its user is confirmed, on behalf of the caller, without any protocol', async (t) => {
  const database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  t.after(() => database.close());
  const asked: unknown[] = [];
  const creation: OrderCreation = {
    orders: orderStore(database),
    keys: idempotencyKeys({ database }),
    users: {
      async find(id, given) {
        asked.push([id, given]);
        return { id, name: 'A', email: 'a@example.com' };
      },
    },
  };
  const created = await createOrder(creation, { user_id: 2, item: 'Tea', amount_cents: 29 }, context);
  assert.deepEqual(created, { id: created.id, user_id: 2, item: 'Tea', amount: 0.29 });
  assert.deepEqual(asked, [[2, context]]);
  assert.deepEqual(await creation.orders.get(created.id), created);
});

test('an order for an unknown user, or one that cannot be checked, is not written', async (t) => {
  const database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  t.after(() => database.close());
  const orders = orderStore(database);
  const before = await orders.page({});
  const order = { user_id: 9, item: 'Tea', amount_cents: 1 };
  const nobody = { orders, keys: idempotencyKeys({ database }), users: { find: async () => undefined } };
  await assert.rejects(createOrder(nobody, order, context), failsWith('USER_NOT_FOUND'));
  const away = {
    orders,
    keys: idempotencyKeys({ database }),
    users: { find: () => Promise.reject(new AppError(userErrors.USER_SERVICE_UNAVAILABLE)) },
  };
  await assert.rejects(createOrder(away, order, context), failsWith('USER_SERVICE_UNAVAILABLE'));
  assert.deepEqual(await orders.page({}), before);
});
