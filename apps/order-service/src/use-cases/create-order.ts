import { AppError, fieldProblem } from '@flotilla/contracts';
import type { ServiceCall } from '@flotilla/kit/idempotency';
import type { NewOrder, Order } from '@flotilla/order-contract';
import { type UserClient, userErrors, userFieldErrors } from '@flotilla/user-contract';
import type { OrderStore } from '../store/orders.ts';

/** Where orders are stored, and who knows the users. */
export interface OrderCreation {
  readonly orders: OrderStore;
  readonly users: Pick<UserClient, 'find'>;
}

/**
 * Adds an order, after user-service has confirmed that the user exists.
 *
 * @param call on whose behalf user-service is called
 * @throws {AppError} USER_NOT_FOUND; USER_SERVICE_UNAVAILABLE when that is unknown. Nothing is written then
 */
export async function createOrder(
  { orders, users }: OrderCreation,
  order: NewOrder,
  { requestId, trace }: ServiceCall,
): Promise<Order> {
  if ((await users.find(order.user_id, { requestId, trace })) === undefined)
    throw new AppError(userErrors.USER_NOT_FOUND, { fields: [fieldProblem('/user_id', userFieldErrors.NO_SUCH_USER)] });
  return orders.add(order);
}
