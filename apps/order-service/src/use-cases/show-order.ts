import { type Order, showAmount } from '@flotilla/order-contract';
import type { StoredOrder } from '../store/order-store.ts';

/** An order as callers see it. */
export function showOrder({ id, user_id, item, amount_cents }: StoredOrder): Order {
  return { id, user_id, item, amount: showAmount(amount_cents) };
}
