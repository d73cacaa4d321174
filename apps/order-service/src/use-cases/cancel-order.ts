import type { Clock } from '@flotilla/contracts';
import type { Database, Transaction } from '@flotilla/kit/database';
import type { Precondition } from '@flotilla/kit/resource';
import type { Order } from '@flotilla/order-contract';
import { lockOpenOrders, lockOrder } from '../store/open-orders.ts';
import type { OrderStore } from '../store/orders.ts';

/** Where orders are stored, and the time. */
export interface Cancelling {
  readonly database: Pick<Database<unknown>, 'transaction'>;
  readonly orders: OrderStore;
  readonly clock: Clock;
}

/**
 * Cancels an order and returns it. One that is cancelled already stays as it is.
 *
 * @param condition what the caller has read. Default: none
 * @throws {AppError} ORDER_NOT_FOUND; PRECONDITION_FAILED when the order has changed
 */
export function cancelOrder(
  { database, orders, clock }: Cancelling,
  id: number,
  condition?: Precondition,
): Promise<Order> {
  return database.transaction(async (transaction) => {
    const own = orders.within(transaction);
    const isOpen = await lockOrder(transaction, id);
    return isOpen ? own.change(id, { cancelled_at: clock.now() }, condition) : own.get(id);
  });
}

const batchSize = 500;

/** Cancels all open orders of a user, in the transaction. */
export async function cancelOrdersOf(
  { orders, clock }: Pick<Cancelling, 'orders' | 'clock'>,
  transaction: Transaction,
  userId: number,
): Promise<void> {
  const own = orders.within(transaction);
  for (let full = true; full; ) {
    const open = await lockOpenOrders(transaction, userId, batchSize);
    for (const id of open) await own.change(id, { cancelled_at: clock.now() });
    full = open.length === batchSize;
  }
}
