import { addOperation, type HttpApp } from '@flotilla/kit/http';
import { userApi } from '@flotilla/user-contract';
import type { Users } from '../users.ts';

/** Everything that user-service serves besides health, metrics and documents: the operations of its contract. */
export function addUserRoutes(app: HttpApp, users: Users): void {
  addOperation(app, userApi.getUserByQuery, ({ query }) => users.get(query.id));
  addOperation(app, userApi.listUsers, ({ query }) => users.page(query));
  addOperation(app, userApi.createUser, ({ body, call }) => users.add(body, call));
  addOperation(app, userApi.getUser, ({ params }) => users.get(params.id));
  addOperation(app, userApi.updateUser, ({ params, body, call, condition }) =>
    users.change(params.id, body, call, condition),
  );
  addOperation(app, userApi.deleteUser, ({ params, call, condition }) => users.remove(params.id, call, condition));
}
