import { type HttpApp, readPrecondition, tagAnswer } from '@flotilla/kit/http';
import { noQuerySchema } from '@flotilla/kit/resource';
import { readUserId, userChangeSchema, userPaths } from '@flotilla/user-contract';
import { z } from 'zod';
import type { UserStore } from '../store/user-store.ts';
import { changeUser } from '../use-cases/change-user.ts';
import { findUser } from '../use-cases/find-user.ts';
import { removeUser } from '../use-cases/remove-user.ts';

const path = `${userPaths.all}/:id`;
const schema = { params: z.object({ id: z.string() }), querystring: noQuerySchema };

/** `GET`, `PATCH` and `DELETE /users/{id}`. A write with `If-Match` is done only to the user that was read. */
export function addSingleUser(app: HttpApp, users: UserStore): void {
  app.get(path, { schema, onSend: tagAnswer }, (request) => findUser(users, readUserId(request.params.id, '{id}')));

  app.patch(path, { schema: { ...schema, body: userChangeSchema }, onSend: tagAnswer }, (request) => {
    const id = readUserId(request.params.id, '{id}');
    return changeUser(users, { id, change: request.body, condition: readPrecondition(request.headers) });
  });

  app.delete(path, { schema }, async (request, reply) => {
    const id = readUserId(request.params.id, '{id}');
    await removeUser(users, { id, condition: readPrecondition(request.headers) });
    return reply.code(204).send();
  });
}
