import { type HttpApp, readPrecondition, tagAnswer } from '@flotilla/kit/http';
import { nextLink, noQuerySchema, pageQueryShape, recordIdParameter } from '@flotilla/kit/resource';
import { z } from 'zod';
import { newTinyGadgetSchema, tinyGadgetChangeSchema } from './tiny-gadget.ts';
import type { TinyGadgetStore } from './tiny-gadget-store.ts';

const all = '/tiny-gadgets';
const path = `${all}/:id`;
const list = { schema: { querystring: z.strictObject({ ...pageQueryShape }) }, onSend: tagAnswer };
const addition = { schema: { querystring: noQuerySchema, body: newTinyGadgetSchema }, onSend: tagAnswer };
const one = { schema: { params: z.object({ id: recordIdParameter }), querystring: noQuerySchema }, onSend: tagAnswer };
const change = { ...one, schema: { ...one.schema, body: tinyGadgetChangeSchema } };

/** All routes of the service, except health and metrics. */
export function addTinyGadgetRoutes(app: HttpApp, tinyGadgets: TinyGadgetStore): void {
  // An array ordered by id. `?limit=` limits it; the `Link` header points to the next page.
  app.get(all, list, async (request, reply) => {
    const page = await tinyGadgets.page(request.query);
    const link = nextLink(all, page, request.query);
    if (link !== undefined) reply.header('link', link);
    return page.rows;
  });

  app.post(all, addition, async (request, reply) => {
    const tinyGadget = await tinyGadgets.add(request.body);
    return reply.code(201).header('location', `${all}/${tinyGadget.id}`).send(tinyGadget);
  });

  app.get(path, one, (request) => tinyGadgets.get(request.params.id));

  // With `If-Match` a record is changed or removed only if it has not changed since it was read.
  app.patch(path, change, (request) =>
    tinyGadgets.change(request.params.id, request.body, readPrecondition(request.headers)),
  );

  app.delete(path, one, async (request, reply) => {
    await tinyGadgets.remove(request.params.id, readPrecondition(request.headers));
    return reply.code(204).send();
  });
}
