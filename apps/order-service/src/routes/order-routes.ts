import { type HttpApp, readPrecondition, serviceCall, tagAnswer } from '@flotilla/kit/http';
import { nextLink, noQuerySchema, pageQueryShape } from '@flotilla/kit/resource';
import { newOrderSchema, orderChangeSchema, orderPaths, readOrderId } from '@flotilla/order-contract';
import { readUserId } from '@flotilla/user-contract';
import { z } from 'zod';
import type { Orders } from '../orders.ts';

// Handlers read ids, not schemas, so that every kind of bad id is INVALID_ORDER_ID.
const anyId = z.unknown().optional();
const list = { schema: { querystring: z.strictObject({ ...pageQueryShape, user_id: anyId }) }, onSend: tagAnswer };
const addition = { schema: { querystring: noQuerySchema, body: newOrderSchema }, onSend: tagAnswer };
const byQuery = { schema: { querystring: z.strictObject({ id: anyId }) }, onSend: tagAnswer };
const one = { schema: { params: z.object({ id: z.string() }), querystring: noQuerySchema }, onSend: tagAnswer };
const change = { ...one, schema: { ...one.schema, body: orderChangeSchema } };
const path = `${orderPaths.all}/:id`;

/** Everything that order-service serves besides health and metrics. */
export function addOrderRoutes(app: HttpApp, orders: Orders): void {
  // The tutorial's path for one order: `GET /order?id=1`.
  app.get(orderPaths.byQuery, byQuery, (request) => orders.get(readOrderId(request.query.id, '?id')));

  // An array in the order of ids: one user's orders with `?user_id=1`, possibly none; otherwise all. One answer has at most
  // 1000, or `?limit=`; `Link` leads to the rest.
  app.get(orderPaths.all, list, async (request, reply) => {
    const { user_id, ...pageQuery } = request.query;
    const userId = user_id === undefined ? undefined : readUserId(user_id, '?user_id');
    const page = await orders.page(pageQuery, { userId });
    const kept = userId === undefined ? {} : { user_id: String(userId) };
    const link = nextLink(orderPaths.all, page, pageQuery, kept);
    if (link !== undefined) reply.header('link', link);
    return page.rows;
  });

  app.post(orderPaths.all, addition, async (request, reply) => {
    const order = await orders.add(request.body, serviceCall(request, reply));
    return reply.code(201).header('location', orderPaths.one(order.id)).send(order);
  });

  app.get(path, one, (request) => orders.get(readOrderId(request.params.id, '{id}')));

  // With `If-Match`, an order is changed or removed only if it has not changed since it was read.
  app.patch(path, change, (request) => {
    const id = readOrderId(request.params.id, '{id}');
    return orders.change(id, request.body, readPrecondition(request.headers));
  });

  app.delete(path, one, async (request, reply) => {
    await orders.remove(readOrderId(request.params.id, '{id}'), readPrecondition(request.headers));
    return reply.code(204).send();
  });
}
