import { AppError } from '@flotilla/contracts';
import { type Order, orderErrors } from '@flotilla/order-contract';
import type { OrderStore, StoredOrder } from '../store/order-store.ts';
import { showOrder } from './show-order.ts';

/**
 * The order with this id.
 *
 * @throws {AppError} ORDER_NOT_FOUND
 */
export async function findOrder(orders: OrderStore, id: number): Promise<Order> {
  return showOrder(requireOrder(await orders.find(id)));
}

/** Passes an order that was found; throws ORDER_NOT_FOUND for none. */
export function requireOrder(order: StoredOrder | undefined): StoredOrder {
  if (order === undefined) throw new AppError(orderErrors.ORDER_NOT_FOUND);
  return order;
}
