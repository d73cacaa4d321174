import type { HttpApp } from '@flotilla/kit/http';
import type { OrderCreation } from '../use-cases/create-order.ts';
import { addOrderByQuery } from './order-by-query.ts';
import { addOrderList } from './order-list.ts';
import { addSingleOrder } from './single-order.ts';

/** Everything order-service serves beside health and metrics. */
export function addOrderRoutes(app: HttpApp, creation: OrderCreation): void {
  addOrderByQuery(app, creation.orders);
  addOrderList(app, creation);
  addSingleOrder(app, creation.orders);
}
