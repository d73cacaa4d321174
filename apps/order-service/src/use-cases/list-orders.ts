import { type Page, type PageQuery, readPage } from '@flotilla/kit/resource';
import type { Order } from '@flotilla/order-contract';
import type { OrderStore } from '../store/order-store.ts';
import { showOrder } from './show-order.ts';

/** Which orders to list. */
export interface OrderListRequest {
  readonly page: PageQuery;
  /** Only this user's. Default everybody's. */
  readonly userId?: number | undefined;
}

/** One page of orders, in the order of ids. A user without orders, or one there is not, has an empty one. */
export async function listOrders(orders: OrderStore, { page, userId }: OrderListRequest): Promise<Page<Order>> {
  const found = await readPage(page, (wanted) => orders.list(wanted, userId));
  return { rows: found.rows.map(showOrder), nextAfterId: found.nextAfterId };
}
