import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AppError, isAppError } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { TraceIds } from '@flotilla/kit/telemetry';
import { type CallContext, type UserClient, userErrors } from '@flotilla/user-contract';
import { KnownUsers } from '../store/known-users.ts';
import { type OrderFeed, orderDatabase, orderStore } from '../store/orders.ts';
import { createOrder, type OrderCreation } from './create-order.ts';

const call: CallContext = { requestId: 'r-1', trace: new TraceIds().newTrace() };
const failsWith = (code: string) => (error: unknown) => isAppError(error) && error.code === code;

/** Creation of orders in a new database, and who was asked about users. */
async function creationWith(
  t: TestContext,
  find: UserClient['find'],
): Promise<{ readonly creation: OrderCreation; readonly asked: unknown[]; readonly attributed: unknown[] }> {
  const database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  t.after(() => database.close());
  const asked: unknown[] = [];
  const users: OrderCreation['users'] = {
    find(id, given) {
      asked.push([id, given]);
      return find(id, given);
    },
  };
  const attributed: unknown[] = [];
  const events: OrderFeed = {
    add: async () => undefined,
    attribute: (_transaction, trace) => void attributed.push(trace),
  };
  const orders = orderStore(database, events);
  const keys = idempotencyKeys({ database });
  return {
    creation: { database, keys, orders, events, knownUsers: new KnownUsers(database), users },
    asked,
    attributed,
  };
}

const existing = async (id: number): Promise<{ id: number; name: string; email: string }> => ({
  ...{ id, name: 'A', email: 'a@example.com' },
});
const away = (): Promise<never> => Promise.reject(new AppError(userErrors.USER_SERVICE_UNAVAILABLE));

test('an order is added after its user is confirmed, on behalf of the caller, and the user is known from then on', async (t) => {
  const { creation, asked, attributed } = await creationWith(t, existing);
  const created = await createOrder(creation, { user_id: 2, item: 'Tea', amount_cents: 29 }, call);
  assert.deepEqual(created, { id: created.id, user_id: 2, item: 'Tea', amount: 0.29 });
  assert.deepEqual(asked, [[2, { requestId: call.requestId, trace: call.trace }]]);
  assert.equal(attributed.at(-1), call.trace, 'its events belong to the trace of the caller');
  assert.deepEqual(await creation.orders.get(created.id), created);
  await createOrder(creation, { user_id: 2, item: 'Tea', amount_cents: 29 }, call);
  assert.equal(asked.length, 1);
});

test('an order for an unknown user, or one that cannot be checked, is not written', async (t) => {
  const order = { user_id: 9, item: 'Tea', amount_cents: 1 };
  const nobody = await creationWith(t, async () => undefined);
  const before = await nobody.creation.orders.page({});
  await assert.rejects(createOrder(nobody.creation, order, call), failsWith('USER_NOT_FOUND'));
  const unsure = await creationWith(t, away);
  await assert.rejects(createOrder(unsure.creation, order, call), failsWith('USER_SERVICE_UNAVAILABLE'));
  for (const { creation } of [nobody, unsure]) assert.deepEqual(await creation.orders.page({}), before);
});

test('a user that is known needs no call, one that was deleted gets no order, also if that happens meanwhile', async (t) => {
  const { creation, asked } = await creationWith(t, away);
  const { knownUsers, database } = creation;
  const order = { user_id: 9, item: 'Tea', amount_cents: 1 };
  await knownUsers.note(9);
  await createOrder(creation, order, call);
  const racing: OrderCreation = {
    ...creation,
    database: {
      async transaction(work) {
        await database.transaction((transaction) => knownUsers.noteDeleted(transaction, 9, 0));
        return database.transaction(work);
      },
    },
  };
  await assert.rejects(createOrder(racing, order, call), failsWith('USER_NOT_FOUND'));
  await assert.rejects(createOrder(creation, order, call), failsWith('USER_NOT_FOUND'));
  assert.deepEqual(asked, []);
  assert.equal((await creation.orders.page({}, { user_id: 9 })).rows.length, 1);
});

test('an order whose user is forgotten while it is placed may be tried again', async (t) => {
  const { creation } = await creationWith(t, existing);
  const { knownUsers, database } = creation;
  // The copy of users begins anew between the answer of user-service and the order.
  const forgetting: KnownUsers = Object.create(knownUsers, {
    note: {
      value: async (id: number) => {
        await knownUsers.note(id);
        await database.transaction((transaction) => knownUsers.forgetAll(transaction));
      },
    },
    hold: { value: knownUsers.hold.bind(knownUsers) },
  }) as KnownUsers;
  const order = { user_id: 2, item: 'Tea', amount_cents: 29 };
  await assert.rejects(
    createOrder({ ...creation, knownUsers: forgetting }, order, call),
    failsWith('USER_SERVICE_UNAVAILABLE'),
  );
  await createOrder(creation, order, call);
});
