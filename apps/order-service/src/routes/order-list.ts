import { type HttpApp, requestContext, tagAnswer } from '@flotilla/kit/http';
import { nextLink, noQuerySchema, pageQueryShape } from '@flotilla/kit/resource';
import { newOrderSchema, orderPaths } from '@flotilla/order-contract';
import { readUserId } from '@flotilla/user-contract';
import { z } from 'zod';
import { createOrder, type OrderCreation } from '../use-cases/create-order.ts';
import { listOrders } from '../use-cases/list-orders.ts';

const listQuery = z.strictObject({ ...pageQueryShape, user_id: z.unknown().optional() });

/**
 * `GET /orders?user_id=1`: an array of that user's orders in the order of ids, empty if there are none; without
 * `user_id`, of everybody's. One answer holds at most 1000, or `?limit=`; when there are more, the `Link` header leads
 * to them. `POST /orders` adds one, after user-service has said that the user exists.
 */
export function addOrderList(app: HttpApp, creation: OrderCreation): void {
  const { orders } = creation;
  app.get(orderPaths.all, { schema: { querystring: listQuery }, onSend: tagAnswer }, async (request, reply) => {
    const { user_id, ...pageQuery } = request.query;
    const userId = user_id === undefined ? undefined : readUserId(user_id, '?user_id');
    const page = await listOrders(orders, { page: pageQuery, userId });
    const kept = userId === undefined ? {} : { user_id: String(userId) };
    const link = nextLink(orderPaths.all, page, pageQuery, kept);
    if (link !== undefined) reply.header('link', link);
    return page.rows;
  });

  app.post(
    orderPaths.all,
    { schema: { querystring: noQuerySchema, body: newOrderSchema }, onSend: tagAnswer },
    async (request, reply) => {
      const order = await createOrder(creation, request.body, requestContext(request));
      return reply.code(201).header('location', orderPaths.one(order.id)).send(order);
    },
  );
}
