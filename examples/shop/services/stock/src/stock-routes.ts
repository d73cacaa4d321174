import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { Stock } from './stock.ts';

const item = z.string().min(1).max(100);
const one = { schema: { params: z.object({ item }) } };
const params = z.object({ id: z.uuid() });
const reservation = { schema: { params, body: z.strictObject({ item, count: z.int().min(1).max(1_000) }) } };

/** `GET /stock/apple`; `PUT /reservations/{id}`, `POST /reservations/{id}/confirm` and `DELETE /reservations/{id}`. */
export function addStockRoutes(app: HttpApp, stock: Stock): void {
  app.get('/stock/:item', one, async ({ params: { item: name } }) => ({ item: name, left: await stock.left(name) }));
  app.put('/reservations/:id', reservation, async ({ params: { id }, body }, reply) => {
    const { isNew, ...held } = await stock.reserve(id, body.item, body.count);
    return reply.code(isNew ? 201 : 200).send(held);
  });
  app.post('/reservations/:id/confirm', { schema: { params } }, ({ params: { id } }) => stock.confirm(id));
  app.delete('/reservations/:id', { schema: { params } }, async ({ params: { id } }, reply) => {
    await stock.release(id);
    return reply.code(204).send();
  });
}
