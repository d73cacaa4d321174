import { addOperation, type HttpApp } from '@flotilla/kit/http';
import { orderApi } from '@flotilla/order-contract';
import type { Orders } from '../orders.ts';

/** Everything that order-service serves besides health, metrics and documents: the operations of its contract. */
export function addOrderRoutes(app: HttpApp, orders: Orders): void {
  addOperation(app, orderApi.getOrderByQuery, ({ query }) => orders.get(query.id));
  addOperation(app, orderApi.listOrders, ({ query }) => orders.page(query, { userId: query.user_id }));
  addOperation(app, orderApi.createOrder, ({ body, call }) => orders.add(body, call));
  addOperation(app, orderApi.getOrder, ({ params }) => orders.get(params.id));
  addOperation(app, orderApi.updateOrder, ({ params, body, call, condition }) =>
    orders.change(params.id, body, call, condition),
  );
  addOperation(app, orderApi.cancelOrder, ({ params, call, condition }) => orders.cancel(params.id, call, condition));
  addOperation(app, orderApi.deleteOrder, ({ params, call, condition }) => orders.remove(params.id, call, condition));
}
