import type { HttpApp } from '@flotilla/kit/http';
import type { UserStore } from '../store/user-store.ts';
import { addSingleUser } from './single-user.ts';
import { addUserByQuery } from './user-by-query.ts';
import { addUserList } from './user-list.ts';

/** Everything user-service serves beside health and metrics. */
export function addUserRoutes(app: HttpApp, users: UserStore): void {
  addUserByQuery(app, users);
  addUserList(app, users);
  addSingleUser(app, users);
}
