import { AppError } from '@flotilla/contracts';
import type { Database } from '@flotilla/kit/database';
import type { Precondition } from '@flotilla/kit/resource';
import { type Order, type OrderChange, orderErrors } from '@flotilla/order-contract';
import { lockOrder } from '../store/open-orders.ts';
import type { OrderStore } from '../store/orders.ts';

/**
 * Changes an open order and returns it.
 *
 * @param condition what the caller has read. Default: none
 * @throws {AppError} ORDER_NOT_FOUND; ORDER_CANCELLED; PRECONDITION_FAILED when the order has changed
 */
export function changeOrder(
  { database, orders }: { readonly database: Pick<Database<unknown>, 'transaction'>; readonly orders: OrderStore },
  id: number,
  change: OrderChange,
  condition?: Precondition,
): Promise<Order> {
  return database.transaction(async (transaction) => {
    if (!(await lockOrder(transaction, id))) throw new AppError(orderErrors.ORDER_CANCELLED);
    return orders.within(transaction).change(id, change, condition);
  });
}
