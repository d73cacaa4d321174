import { AppError } from '@flotilla/contracts';
import { type Order, showAmount } from '@flotilla/order-contract';
import type { StoredOrder } from '../store/order-store.ts';

/** An order as callers see it. */
export function showOrder({ id, user_id, item, amount_cents }: StoredOrder): Order {
  return { id, user_id, item, amount: showAmount(amount_cents) };
}

/** Passes an order that was found; throws ORDER_NOT_FOUND for none. */
export function requireOrder(order: StoredOrder | undefined): StoredOrder {
  if (order === undefined) throw new AppError('ORDER_NOT_FOUND');
  return order;
}
