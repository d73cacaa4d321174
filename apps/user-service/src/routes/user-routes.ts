import { type HttpApp, readPrecondition, serviceCall, tagAnswer } from '@flotilla/kit/http';
import { nextLink, noQuerySchema, pageQueryShape } from '@flotilla/kit/resource';
import { newUserSchema, readUserId, userChangeSchema, userPaths } from '@flotilla/user-contract';
import { z } from 'zod';
import type { Users } from '../users.ts';

const list = { schema: { querystring: z.strictObject({ ...pageQueryShape }) }, onSend: tagAnswer };
const addition = { schema: { querystring: noQuerySchema, body: newUserSchema }, onSend: tagAnswer };
// Handlers read ids, not schemas, so that every kind of bad id is INVALID_USER_ID.
const byQuery = { schema: { querystring: z.strictObject({ id: z.unknown().optional() }) }, onSend: tagAnswer };
const one = { schema: { params: z.object({ id: z.string() }), querystring: noQuerySchema }, onSend: tagAnswer };
const change = { ...one, schema: { ...one.schema, body: userChangeSchema } };
const path = `${userPaths.all}/:id`;

/** Everything that user-service serves besides health and metrics. */
export function addUserRoutes(app: HttpApp, users: Users): void {
  // The tutorial's path for one user: `GET /user?id=1`.
  app.get(userPaths.byQuery, byQuery, (request) => users.get(readUserId(request.query.id, '?id')));

  // An array in the order of ids. One answer has at most 1000, or `?limit=`; `Link` leads to the rest.
  app.get(userPaths.all, list, async (request, reply) => {
    const page = await users.page(request.query);
    const link = nextLink(userPaths.all, page, request.query);
    if (link !== undefined) reply.header('link', link);
    return page.rows;
  });

  app.post(userPaths.all, addition, async (request, reply) => {
    const user = await users.add(request.body, serviceCall(request, reply));
    return reply.code(201).header('location', userPaths.one(user.id)).send(user);
  });

  app.get(path, one, (request) => users.get(readUserId(request.params.id, '{id}')));

  // With `If-Match`, a user is changed or removed only if it has not changed since it was read.
  app.patch(path, change, (request) => {
    const id = readUserId(request.params.id, '{id}');
    return users.change(id, request.body, readPrecondition(request.headers));
  });

  // The user's orders stay: they belong to another service, and sales remain sales.
  app.delete(path, one, async (request, reply) => {
    await users.remove(readUserId(request.params.id, '{id}'), readPrecondition(request.headers));
    return reply.code(204).send();
  });
}
