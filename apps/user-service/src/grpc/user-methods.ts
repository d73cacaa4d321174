import {
  checkRequest,
  type GrpcCall,
  given,
  type ImplementedService,
  implement,
  nextPageToken,
  readIfMatch,
  readPageMessage,
  readRequestId,
  sendTag,
  serviceCallOf,
} from '@flotilla/kit/grpc';
import { newUserSchema, type User, userChangeSchema, userErrors } from '@flotilla/user-contract';
import { UserService } from '@flotilla/user-contract/grpc';
import type { Users } from '../users.ts';

/** The methods of `users.proto`: the same functions as the routes, spoken to in messages. */
export function userMethods(users: Users): ImplementedService {
  return implement(UserService, {
    getUser: async ({ id }, call) => tagged(await users.get(readId(id)), call),

    async listUsers(request) {
      const page = await users.page(readPageMessage(request));
      return { users: page.rows.map(toMessage), nextPageToken: nextPageToken(page) };
    },

    async createUser({ name, email }, call) {
      const user = checkRequest(newUserSchema, { name: given(name), email: given(email) });
      return tagged(await users.add(user, serviceCallOf(call)), call);
    },

    async updateUser({ id, name, email, ifMatch }, call) {
      const change = checkRequest(userChangeSchema, { name, email });
      return tagged(await users.change(readId(id), change, call, readIfMatch(ifMatch)), call);
    },

    async deleteUser({ id, ifMatch }, call) {
      await users.remove(readId(id), call, readIfMatch(ifMatch));
      return {};
    },
  });
}

function readId(id: bigint): number {
  return readRequestId(id, userErrors.INVALID_USER_ID);
}

/** A user as the answer to a call. */
function tagged(user: User, call: GrpcCall): UserFields {
  sendTag(call, user);
  return toMessage(user);
}

interface UserFields {
  readonly id: bigint;
  readonly name: string;
  readonly email: string;
}

function toMessage({ id, name, email }: User): UserFields {
  return { id: BigInt(id), name, email };
}
