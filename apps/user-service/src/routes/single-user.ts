import { type HttpApp, tagAnswer, writeIfUnchanged } from '@flotilla/kit/http';
import { noQuerySchema } from '@flotilla/kit/resource';
import { readUserId, type User, userChangeSchema, userPaths } from '@flotilla/user-contract';
import { z } from 'zod';
import type { UserStore } from '../store/user-store.ts';
import { requireUser } from './require-user.ts';

const path = `${userPaths.all}/:id`;
const schema = { params: z.object({ id: z.string() }), querystring: noQuerySchema };

/**
 * `GET`, `PATCH` and `DELETE /users/{id}`. Deleting leaves the user's orders as they are: they belong to another
 * service, and what was sold stays sold. A write with `If-Match` is done only to the user that was read.
 */
export function addSingleUser(app: HttpApp, store: UserStore): void {
  const show = (user: User): User => user;
  const read = async (id: number): Promise<User> => requireUser(await store.find(id));

  app.get(path, { schema, onSend: tagAnswer }, (request) => read(readUserId(request.params.id, '{id}')));

  app.patch(path, { schema: { ...schema, body: userChangeSchema }, onSend: tagAnswer }, async (request) => {
    const id = readUserId(request.params.id, '{id}');
    const changed = await writeIfUnchanged(request.headers, {
      read: () => read(id),
      show,
      write: (expected) => store.change(id, request.body, expected),
    });
    return requireUser(changed);
  });

  app.delete(path, { schema }, async (request, reply) => {
    const id = readUserId(request.params.id, '{id}');
    const removed = await writeIfUnchanged(request.headers, {
      read: () => read(id),
      show,
      write: (expected) => store.remove(id, expected),
    });
    requireUser(removed);
    return reply.code(204).send();
  });
}
