import { AppError, isAppError } from '@flotilla/contracts';
import { createGrpcCaller } from '@flotilla/kit/grpc';
import { type User, userSchema } from '../user.ts';
import type { UserClient, UserClientOptions } from '../user-client.ts';
import { userErrors } from '../user-errors.ts';
import { userServiceName } from '../user-paths.ts';
import { type User as UserMessage, UserService } from './generated/flotilla/users/v1/users_pb.ts';

/** As many users as fit well below the limit of an answer. */
const pageSize = 500;

/** Creates a client that calls by gRPC, and otherwise does the same as that of `createUserClient`. */
export function createGrpcUserClient({ discovery, clock, metrics }: UserClientOptions): UserClient {
  const unavailable = userErrors.USER_SERVICE_UNAVAILABLE;
  const caller = createGrpcCaller({ discovery, clock, metrics, service: userServiceName, unavailable });
  const users = caller.client(UserService);
  /** Whatever is no answer about users means that user-service cannot be asked. */
  const asked = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (!isAppError(error) || Object.values(userErrors).some((kind) => isAppError(error, kind))) throw error;
      throw new AppError(unavailable, { cause: error, retryAfterMs: 1_000 });
    }
  };
  return {
    async find(id, context) {
      try {
        return await asked(async () => toUser(await users.getUser({ id: BigInt(id) }, context)));
      } catch (error) {
        if (isAppError(error, userErrors.USER_NOT_FOUND)) return undefined;
        throw error;
      }
    },
    page: (cursor) =>
      asked(async () => {
        const page = await users.listUsers({ pageSize, pageToken: cursor });
        return {
          users: page.users.map(toUser),
          next: page.nextPageToken === '' ? undefined : page.nextPageToken,
        };
      }),
    check: () => caller.check(),
    close: () => caller.close(),
  };
}

/** @throws {AppError} BAD_GATEWAY for what is no user of ours */
function toUser({ id, name, email }: UserMessage): User {
  const read = userSchema.safeParse({ id: Number(id), name, email });
  if (read.success) return read.data;
  throw new AppError('BAD_GATEWAY', { parameters: { service: userServiceName }, cause: read.error });
}
