import { type Precondition, writeIfUnchanged } from '@flotilla/kit/resource';
import type { OrderStore } from '../store/order-store.ts';
import { requireOrder } from './find-order.ts';
import { showOrder } from './show-order.ts';

/** Which order to remove. */
export interface OrderRemovalRequest {
  readonly id: number;
  /** What the caller has read; an order that has changed since is left as it is. Default: whatever it is. */
  readonly condition?: Precondition | undefined;
}

/**
 * Removes an order.
 *
 * @throws {AppError} ORDER_NOT_FOUND; PRECONDITION_FAILED when it is not what the caller has read
 */
export async function removeOrder(orders: OrderStore, { id, condition }: OrderRemovalRequest): Promise<void> {
  const removed = await writeIfUnchanged(condition, {
    read: async () => requireOrder(await orders.find(id)),
    show: showOrder,
    write: (expected) => orders.remove(id, expected),
  });
  requireOrder(removed);
}
