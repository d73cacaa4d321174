import { AppError, fieldProblem } from '@flotilla/contracts';
import type { Database, Transaction } from '@flotilla/kit/database';
import type { IdempotencyKeys, ServiceCall } from '@flotilla/kit/idempotency';
import type { NewOrder, Order } from '@flotilla/order-contract';
import { type UserClient, userErrors, userFieldErrors } from '@flotilla/user-contract';
import type { KnownUsers } from '../store/known-users.ts';
import type { OrderStore } from '../store/orders.ts';

/** Where orders are stored, and who knows the users. */
export interface OrderCreation {
  readonly database: Pick<Database<unknown>, 'transaction'>;
  readonly keys: IdempotencyKeys;
  readonly orders: OrderStore;
  readonly knownUsers: KnownUsers;
  readonly users: Pick<UserClient, 'find'>;
}

/**
 * Adds an order, if its user exists. user-service is asked only about a user of whom no event has come yet, so that orders can be
 * placed while it is away. Done once for each idempotency key.
 *
 * @param call on whose behalf user-service is called
 * @throws {AppError} USER_NOT_FOUND; USER_SERVICE_UNAVAILABLE when that is unknown. Nothing is written then
 */
export function createOrder(creation: OrderCreation, order: NewOrder, call: ServiceCall): Promise<Order> {
  const { database, keys } = creation;
  return keys.once(
    { operation: 'orders.add', input: order, call },
    {
      prepare: () => requireUser(creation, order.user_id, call),
      write: (transaction) =>
        transaction === undefined
          ? database.transaction((own) => placeOrder(creation, order, own))
          : placeOrder(creation, order, transaction),
    },
  );
}

async function placeOrder(
  { orders, knownUsers }: OrderCreation,
  order: NewOrder,
  transaction: Transaction,
): Promise<Order> {
  // Deleting a user cancels the orders that are there: none may be on its way meanwhile.
  if ((await knownUsers.hold(transaction, order.user_id)) === 'deleted') throw noSuchUser();
  return orders.within(transaction).add({ ...order, cancelled_at: null });
}

async function requireUser(
  { knownUsers, users }: OrderCreation,
  id: number,
  { requestId, trace }: ServiceCall,
): Promise<void> {
  const state = await knownUsers.stateOf(id);
  switch (state) {
    case 'exists':
      return;
    case 'deleted':
      throw noSuchUser();
    case 'unknown':
      if ((await users.find(id, { requestId, trace })) === undefined) throw noSuchUser();
      return knownUsers.note(id);
    default:
      return state satisfies never;
  }
}

function noSuchUser(): AppError {
  return new AppError(userErrors.USER_NOT_FOUND, {
    fields: [fieldProblem('/user_id', userFieldErrors.NO_SUCH_USER)],
  });
}
