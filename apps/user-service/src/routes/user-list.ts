import { type HttpApp, tagAnswer } from '@flotilla/kit/http';
import { nextLink, noQuerySchema, pageQueryShape } from '@flotilla/kit/resource';
import { newUserSchema, userPaths } from '@flotilla/user-contract';
import { z } from 'zod';
import type { UserStore } from '../store/user-store.ts';
import { createUser } from '../use-cases/create-user.ts';
import { listUsers } from '../use-cases/list-users.ts';

const listQuery = z.strictObject({ ...pageQueryShape });

/**
 * `GET /users`: an array of all users in the order of ids. One answer holds at most 1000, or `?limit=`; when there are
 * more, the `Link` header leads to them. `POST /users` adds one.
 */
export function addUserList(app: HttpApp, users: UserStore): void {
  app.get(userPaths.all, { schema: { querystring: listQuery }, onSend: tagAnswer }, async (request, reply) => {
    const page = await listUsers(users, request.query);
    const link = nextLink(userPaths.all, page, request.query);
    if (link !== undefined) reply.header('link', link);
    return page.rows;
  });

  app.post(
    userPaths.all,
    { schema: { querystring: noQuerySchema, body: newUserSchema }, onSend: tagAnswer },
    async (request, reply) => {
      const user = await createUser(users, request.body);
      return reply.code(201).header('location', userPaths.one(user.id)).send(user);
    },
  );
}
