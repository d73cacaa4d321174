import { type HttpApp, tagAnswer, writeIfUnchanged } from '@flotilla/kit/http';
import { noQuerySchema } from '@flotilla/kit/resource';
import { orderChangeSchema, orderPaths, readOrderId } from '@flotilla/order-contract';
import { z } from 'zod';
import type { OrderStore, StoredOrder } from '../store/order-store.ts';
import { requireOrder, showOrder } from './show-order.ts';

const path = `${orderPaths.all}/:id`;
const schema = { params: z.object({ id: z.string() }), querystring: noQuerySchema };

/** `GET`, `PATCH` and `DELETE /orders/{id}`. A write with `If-Match` is done only to the order that was read. */
export function addSingleOrder(app: HttpApp, store: OrderStore): void {
  const read = async (id: number): Promise<StoredOrder> => requireOrder(await store.find(id));

  app.get(path, { schema, onSend: tagAnswer }, async (request) =>
    showOrder(await read(readOrderId(request.params.id, '{id}'))),
  );

  app.patch(path, { schema: { ...schema, body: orderChangeSchema }, onSend: tagAnswer }, async (request) => {
    const id = readOrderId(request.params.id, '{id}');
    const changed = await writeIfUnchanged(request.headers, {
      read: () => read(id),
      show: showOrder,
      write: (expected) => store.change(id, request.body, expected),
    });
    return showOrder(requireOrder(changed));
  });

  app.delete(path, { schema }, async (request, reply) => {
    const id = readOrderId(request.params.id, '{id}');
    const removed = await writeIfUnchanged(request.headers, {
      read: () => read(id),
      show: showOrder,
      write: (expected) => store.remove(id, expected),
    });
    requireOrder(removed);
    return reply.code(204).send();
  });
}
