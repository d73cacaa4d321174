import type { HttpApp } from '@flotilla/kit/http';
import type { UserClient } from '@flotilla/user-contract';
import type { OrderStore } from '../store/order-store.ts';
import { addOrderByQuery } from './order-by-query.ts';
import { addOrderList } from './order-list.ts';
import { addSingleOrder } from './single-order.ts';

/** Everything order-service serves beside health and metrics. */
export function addOrderRoutes(app: HttpApp, store: OrderStore, users: Pick<UserClient, 'find'>): void {
  addOrderByQuery(app, store);
  addOrderList(app, store, users);
  addSingleOrder(app, store);
}
