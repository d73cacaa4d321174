import { AppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { noQuerySchema } from '@flotilla/kit/resource';
import { orderChangeSchema, orderPaths, readOrderId } from '@flotilla/order-contract';
import { z } from 'zod';
import type { OrderStore } from '../store/order-store.ts';
import { requireOrder } from './show-order.ts';

const path = `${orderPaths.all}/:id`;
const schema = { params: z.object({ id: z.string() }), querystring: noQuerySchema };

/** `GET`, `PATCH` and `DELETE /orders/{id}`. */
export function addSingleOrder(app: HttpApp, store: OrderStore): void {
  app.get(path, { schema }, async (request) => requireOrder(await store.find(readOrderId(request.params.id, '{id}'))));

  app.patch(path, { schema: { ...schema, body: orderChangeSchema } }, async (request) =>
    requireOrder(await store.change(readOrderId(request.params.id, '{id}'), request.body)),
  );

  app.delete(path, { schema }, async (request, reply) => {
    if (!(await store.remove(readOrderId(request.params.id, '{id}')))) throw new AppError('ORDER_NOT_FOUND');
    return reply.code(204).send();
  });
}
