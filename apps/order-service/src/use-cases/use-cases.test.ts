import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError, isAppError } from '@flotilla/contracts';
import { entityTag, type Precondition } from '@flotilla/kit/resource';
import { TraceIds } from '@flotilla/kit/telemetry';
import { type CallContext, userErrors } from '@flotilla/user-contract';
import { openOrderStore } from '../store/database-order-store.ts';
import type { OrderStore } from '../store/order-store.ts';
import { changeOrder } from './change-order.ts';
import { createOrder, type OrderCreation } from './create-order.ts';
import { findOrder } from './find-order.ts';
import { listOrders } from './list-orders.ts';
import { removeOrder } from './remove-order.ts';

let orders: OrderStore;
before(async () => {
  orders = await openOrderStore({ url: 'sqlite::memory:', seedDemoData: true });
});
after(() => orders.close());

const context: CallContext = { requestId: 'r-1', trace: new TraceIds().newTrace() };
const failsWith = (code: string) => (error: unknown) => isAppError(error) && error.code === code;
/** The condition of somebody who has read `record`. */
const unchanged = (record: unknown): Precondition => ({
  match: [{ weak: false, opaque: entityTag(JSON.stringify(record)) }],
  noneMatch: [],
});

test('an order is created, found, listed, changed and removed without any protocol', async () => {
  const asked: unknown[] = [];
  const creation: OrderCreation = {
    orders,
    users: {
      async find(id, given) {
        asked.push([id, given]);
        return { id, name: 'A', email: 'a@example.com' };
      },
    },
  };
  const created = await createOrder(creation, { user_id: 2, item: 'Tea', amount_cents: 29 }, context);
  assert.deepEqual(created, { id: created.id, user_id: 2, item: 'Tea', amount: 0.29 });
  assert.deepEqual(asked, [[2, context]], 'user-service is asked on behalf of the caller');
  assert.deepEqual(await findOrder(orders, created.id), created);
  const page = await listOrders(orders, { page: { limit: 1 }, userId: 2 });
  assert.deepEqual([page.rows.length, page.nextAfterId], [1, 3]);
  const changed = await changeOrder(orders, { id: created.id, change: { amount_cents: 50 } });
  assert.equal(changed.amount, 0.5);
  await removeOrder(orders, { id: created.id });
  await assert.rejects(findOrder(orders, created.id), failsWith('ORDER_NOT_FOUND'));
});

test('an order for a user that is not known, or of whom nothing can be known, is not written', async () => {
  const before = await listOrders(orders, { page: {} });
  const order = { user_id: 9, item: 'Tea', amount_cents: 1 };
  const nobody = { orders, users: { find: async () => undefined } };
  await assert.rejects(createOrder(nobody, order, context), failsWith('USER_NOT_FOUND'));
  const away = { orders, users: { find: () => Promise.reject(new AppError(userErrors.USER_SERVICE_UNAVAILABLE)) } };
  await assert.rejects(createOrder(away, order, context), failsWith('USER_SERVICE_UNAVAILABLE'));
  assert.deepEqual(await listOrders(orders, { page: {} }), before);
});

test('who has read an order that has changed since changes and removes nothing', async () => {
  const read = await findOrder(orders, 1);
  await changeOrder(orders, { id: 1, change: { item: 'Tea' }, condition: unchanged(read) });
  const late = { id: 1, condition: unchanged(read) };
  await assert.rejects(changeOrder(orders, { ...late, change: { item: 'x' } }), failsWith('PRECONDITION_FAILED'));
  await assert.rejects(removeOrder(orders, late), failsWith('PRECONDITION_FAILED'));
  assert.equal((await findOrder(orders, 1)).item, 'Tea');
});
