import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Database, openDatabase } from '@flotilla/kit/database';
import { FakeClock } from '@flotilla/testing';
import type { User, UserEvent } from '@flotilla/user-contract';
import { KnownUsers } from '../store/known-users.ts';
import { orderDatabase, orderStore } from '../store/orders.ts';
import { applyUserEvent, copyOfUsers, type UserFollowing } from './follow-users.ts';

const user = (id: number): User => ({ id, name: `N${id}`, email: `n${id}@example.com` });
const event = (type: UserEvent['type'], id: number): UserEvent => ({
  ...{ type, data: user(id), id: `e-${id}`, subject: `users/${id}`, time: 5, position: 1 },
});

async function open(t: TestContext): Promise<UserFollowing & { readonly database: Database<unknown> }> {
  const database = await openDatabase({ url: 'sqlite::memory:', ...orderDatabase, seed: orderDatabase.demoData });
  t.after(() => database.close());
  const orders = orderStore(database, { add: async () => undefined, attribute: () => undefined });
  return { database, orders, knownUsers: new KnownUsers(database), clock: new FakeClock() };
}

/** The ids of the open orders. */
async function openOrders({ orders }: UserFollowing): Promise<readonly number[]> {
  return (await orders.page({})).rows.filter(({ cancelled_at }) => cancelled_at === undefined).map(({ id }) => id);
}

test('a user that is created is known; when it is deleted, its open orders are cancelled, once', async (t) => {
  const opened = await open(t);
  const apply = applyUserEvent(opened);
  const tell = (told: UserEvent): Promise<void> =>
    opened.database.transaction((transaction) => apply(transaction, told));
  await tell(event('user.created', 1));
  assert.equal(await opened.knownUsers.stateOf(1), 'exists');
  await tell(event('user.changed', 1));
  await tell(event('user.deleted', 1));
  assert.equal(await opened.knownUsers.stateOf(1), 'deleted');
  assert.deepEqual(await openOrders(opened), [3]);
  await tell(event('user.created', 1));
  assert.equal(await opened.knownUsers.stateOf(1), 'deleted', 'an older event, after a copy, does not bring it back');
  await tell(event('user.deleted', 8));
  assert.equal(await opened.knownUsers.stateOf(8), 'deleted', 'of a user that was never heard of before');
});

test('all open orders of a deleted user are cancelled, however many there are', async (t) => {
  const opened = await open(t);
  const made = { user_id: 7, item: 'Tea', amount_cents: 1, cancelled_at: null };
  await opened.database.transaction(async (transaction) => {
    for (let n = 0; n < 1_200; n += 1) await opened.orders.within(transaction).add(made);
  });
  await opened.database.transaction((transaction) => applyUserEvent(opened)(transaction, event('user.deleted', 7)));
  assert.deepEqual(await openOrders(opened), [1, 2, 3]);
});

test('a copy finds who was deleted meanwhile, and asks about each again before it believes that', async (t) => {
  const opened = await open(t);
  const { knownUsers, database } = opened;
  for (const id of [1, 2, 3, 9]) await knownUsers.note(id);
  // User 3 came after its page was read; user 9 comes after the last page.
  const alive = new Set([2, 3, 4, 9]);
  const pages: Readonly<Record<string, { readonly users: readonly User[]; readonly next: string | undefined }>> = {
    '': { users: [user(2)], next: 'c' },
    c: { users: [user(4)], next: undefined },
  };
  const copy = copyOfUsers(opened, {
    page: async (cursor) => pages[cursor] ?? { users: [], next: undefined },
    find: async (id) => (alive.has(id) ? user(id) : undefined),
  });
  for await (const write of copy.parts(new AbortController().signal)) await database.transaction(write);
  const states = await Promise.all([1, 2, 3, 4, 9].map((id) => knownUsers.stateOf(id)));
  assert.deepEqual(states, ['deleted', 'exists', 'exists', 'exists', 'exists']);
  assert.deepEqual(await openOrders(opened), [3]);
  await database.transaction((transaction) => copy.forget(transaction));
  assert.equal(await knownUsers.stateOf(1), 'unknown');
  assert.deepEqual(await openOrders(opened), [3], 'orders stay as they are');
});
