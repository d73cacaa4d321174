import { AppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { noQuerySchema } from '@flotilla/kit/resource';
import { readUserId, userChangeSchema, userPaths } from '@flotilla/user-contract';
import { z } from 'zod';
import type { UserStore } from '../store/user-store.ts';
import { requireUser } from './require-user.ts';

const path = `${userPaths.all}/:id`;
const schema = { params: z.object({ id: z.string() }), querystring: noQuerySchema };

/**
 * `GET`, `PATCH` and `DELETE /users/{id}`. Deleting leaves the user's orders as they are: they belong to another
 * service, and what was sold stays sold.
 */
export function addSingleUser(app: HttpApp, store: UserStore): void {
  app.get(path, { schema }, async (request) => requireUser(await store.find(readUserId(request.params.id, '{id}'))));

  app.patch(path, { schema: { ...schema, body: userChangeSchema } }, async (request) =>
    requireUser(await store.change(readUserId(request.params.id, '{id}'), request.body)),
  );

  app.delete(path, { schema }, async (request, reply) => {
    if (!(await store.remove(readUserId(request.params.id, '{id}')))) throw new AppError('USER_NOT_FOUND');
    return reply.code(204).send();
  });
}
