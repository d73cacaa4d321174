import { AppError, fieldProblem } from '@flotilla/contracts';
import type { IdempotencyKeys, ServiceCall } from '@flotilla/kit/idempotency';
import type { NewOrder, Order } from '@flotilla/order-contract';
import { type UserClient, userErrors, userFieldErrors } from '@flotilla/user-contract';
import type { OrderStore } from '../store/orders.ts';

/** Where orders are stored, and who knows the users. */
export interface OrderCreation {
  readonly orders: OrderStore;
  readonly keys: IdempotencyKeys;
  readonly users: Pick<UserClient, 'find'>;
}

/**
 * Adds an order, after user-service has confirmed that the user exists; once for each idempotency key.
 *
 * @param call on whose behalf user-service is called
 * @throws {AppError} USER_NOT_FOUND; USER_SERVICE_UNAVAILABLE when that is unknown. Nothing is written then
 */
export function createOrder(
  { orders, keys, users }: OrderCreation,
  order: NewOrder,
  call: ServiceCall,
): Promise<Order> {
  return keys.once(
    { operation: 'orders.add', input: order, call },
    {
      prepare: () => requireUser(users, order.user_id, call),
      write: (transaction) => orders.within(transaction).add(order),
    },
  );
}

async function requireUser(
  users: OrderCreation['users'],
  id: number,
  { requestId, trace }: ServiceCall,
): Promise<void> {
  if ((await users.find(id, { requestId, trace })) !== undefined) return;
  throw new AppError(userErrors.USER_NOT_FOUND, { fields: [fieldProblem('/user_id', userFieldErrors.NO_SUCH_USER)] });
}
