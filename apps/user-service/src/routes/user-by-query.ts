import { type HttpApp, tagAnswer } from '@flotilla/kit/http';
import { readUserId, userPaths } from '@flotilla/user-contract';
import { z } from 'zod';
import type { UserStore } from '../store/user-store.ts';
import { findUser } from '../use-cases/find-user.ts';

// The id is read by the handler and not by the schema, so that a bad one is INVALID_USER_ID in every form it can have.
const querystring = z.strictObject({ id: z.unknown().optional() });

/** The tutorial's address of one user: `GET /user?id=1`. */
export function addUserByQuery(app: HttpApp, users: UserStore): void {
  app.get(userPaths.byQuery, { schema: { querystring }, onSend: tagAnswer }, (request) =>
    findUser(users, readUserId(request.query.id, '?id')),
  );
}
