import { type Precondition, writeIfUnchanged } from '@flotilla/kit/resource';
import type { Order, OrderChange } from '@flotilla/order-contract';
import type { OrderStore } from '../store/order-store.ts';
import { requireOrder } from './find-order.ts';
import { showOrder } from './show-order.ts';

/** Which order to change, and how. */
export interface OrderChangeRequest {
  readonly id: number;
  readonly change: OrderChange;
  /** What the caller has read; an order that has changed since is left as it is. Default: whatever it is. */
  readonly condition?: Precondition | undefined;
}

/**
 * Changes an order, and gives it as it then is.
 *
 * @throws {AppError} ORDER_NOT_FOUND; PRECONDITION_FAILED when it is not what the caller has read
 */
export async function changeOrder(orders: OrderStore, { id, change, condition }: OrderChangeRequest): Promise<Order> {
  const changed = await writeIfUnchanged(condition, {
    read: async () => requireOrder(await orders.find(id)),
    show: showOrder,
    write: (expected) => orders.change(id, change, expected),
  });
  return showOrder(requireOrder(changed));
}
