import { type HttpApp, readPrecondition, tagAnswer } from '@flotilla/kit/http';
import { noQuerySchema } from '@flotilla/kit/resource';
import { orderChangeSchema, orderPaths, readOrderId } from '@flotilla/order-contract';
import { z } from 'zod';
import type { OrderStore } from '../store/order-store.ts';
import { changeOrder } from '../use-cases/change-order.ts';
import { findOrder } from '../use-cases/find-order.ts';
import { removeOrder } from '../use-cases/remove-order.ts';

const path = `${orderPaths.all}/:id`;
const schema = { params: z.object({ id: z.string() }), querystring: noQuerySchema };

/** `GET`, `PATCH` and `DELETE /orders/{id}`. A write with `If-Match` is done only to the order that was read. */
export function addSingleOrder(app: HttpApp, orders: OrderStore): void {
  app.get(path, { schema, onSend: tagAnswer }, (request) => findOrder(orders, readOrderId(request.params.id, '{id}')));

  app.patch(path, { schema: { ...schema, body: orderChangeSchema }, onSend: tagAnswer }, (request) => {
    const id = readOrderId(request.params.id, '{id}');
    return changeOrder(orders, { id, change: request.body, condition: readPrecondition(request.headers) });
  });

  app.delete(path, { schema }, async (request, reply) => {
    const id = readOrderId(request.params.id, '{id}');
    await removeOrder(orders, { id, condition: readPrecondition(request.headers) });
    return reply.code(204).send();
  });
}
