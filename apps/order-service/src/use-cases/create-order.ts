import { AppError, fieldProblem } from '@flotilla/contracts';
import type { Database, Transaction } from '@flotilla/kit/database';
import type { IdempotencyKeys, ServiceCall } from '@flotilla/kit/idempotency';
import type { NewOrder, Order } from '@flotilla/order-contract';
import { type UserClient, userErrors, userFieldErrors } from '@flotilla/user-contract';
import type { KnownUsers } from '../store/known-users.ts';
import type { OrderFeed, OrderStore } from '../store/orders.ts';

/** Where orders are stored, and who knows the users. */
export interface OrderCreation {
  readonly database: Pick<Database<unknown>, 'transaction'>;
  readonly keys: IdempotencyKeys;
  readonly orders: OrderStore;
  readonly events: Pick<OrderFeed, 'attribute'>;
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
export async function createOrder(creation: OrderCreation, order: NewOrder, call: ServiceCall): Promise<Order> {
  const { database, keys } = creation;
  const attempt = (prepare: () => Promise<void>): Promise<Order> =>
    keys.once(
      { operation: 'orders.add', input: order, call },
      {
        prepare,
        write: (transaction) =>
          transaction === undefined
            ? database.transaction((own) => placeOrder(creation, { order, call }, own))
            : placeOrder(creation, { order, call }, transaction),
      },
    );
  try {
    // The transaction looks at the user anyway: nearly all are known.
    return await attempt(async () => undefined);
  } catch (error) {
    if (!(error instanceof UnknownUser)) throw error;
  }
  try {
    // Before the transaction, which must not wait for another service.
    return await attempt(() => askForUser(creation, order.user_id, call));
  } catch (error) {
    if (!(error instanceof UnknownUser)) throw error;
    // Forgotten in between, with all others: user-service has another database.
    throw new AppError(userErrors.USER_SERVICE_UNAVAILABLE, { cause: error, retryAfterMs: 1_000 });
  }
}

/** Nothing is known of the user of an order. */
class UnknownUser extends Error {}

async function placeOrder(
  { orders, knownUsers, events }: OrderCreation,
  { order, call }: { readonly order: NewOrder; readonly call: ServiceCall },
  transaction: Transaction,
): Promise<Order> {
  events.attribute(transaction, call.trace);
  // Deleting a user cancels the orders that are there: none may be on its way meanwhile.
  const state = await knownUsers.hold(transaction, order.user_id);
  switch (state) {
    case 'exists':
      return orders.within(transaction).add({ ...order, cancelled_at: null });
    case 'deleted':
      throw noSuchUser();
    case 'unknown':
      throw new UnknownUser();
    default:
      return state satisfies never;
  }
}

async function askForUser(
  { knownUsers, users }: OrderCreation,
  id: number,
  { requestId, trace }: ServiceCall,
): Promise<void> {
  if ((await users.find(id, { requestId, trace })) === undefined) throw noSuchUser();
  await knownUsers.note(id);
}

function noSuchUser(): AppError {
  return new AppError(userErrors.USER_NOT_FOUND, {
    fields: [fieldProblem('/user_id', userFieldErrors.NO_SUCH_USER)],
  });
}
