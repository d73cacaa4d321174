import { type Clock, type Discovery, isAppError } from '@flotilla/contracts';
import { apiClient } from '@flotilla/kit/api';
import type { RequestContext } from '@flotilla/kit/http';
import type { Metrics } from '@flotilla/kit/telemetry';
import type { User } from './user.ts';
import { userApi } from './user-api.ts';
import { userErrors } from './user-errors.ts';
import { userServiceName } from './user-paths.ts';

/** What {@link createUserClient} needs. */
export interface UserClientOptions {
  readonly discovery: Discovery;
  readonly clock: Clock;
  /** Where to count how long calls take. Default nowhere. */
  readonly metrics?: Metrics | undefined;
}

/** The request that causes a call: passed on, so that one request has one id and one trace in all logs. */
export type CallContext = Pick<RequestContext, 'requestId' | 'trace'>;

/** Some users, and where the next page begins; undefined on the last one. */
export interface UserPage {
  readonly users: readonly User[];
  readonly next: string | undefined;
}

/** A client of user-service. It finds the service through the registry; if an instance fails, it tries another. */
export interface UserClient {
  /**
   * The user with this id; undefined if there is none.
   *
   * @throws {AppError} USER_SERVICE_UNAVAILABLE when no instance answered within two seconds
   */
  find(id: number, context?: CallContext): Promise<User | undefined>;
  /**
   * One page of all users, in the order of ids. `cursor`: empty for the first, then `next` of the page before.
   *
   * @throws {AppError} USER_SERVICE_UNAVAILABLE when no instance answered within two seconds
   */
  page(cursor: string): Promise<UserPage>;
  /** For a health check: throws while no instance of user-service is known. */
  check(): void;
  /** Closes the connections. */
  close(): void;
}

/** As many users as fit well below the limit of an answer. */
const pageSize = 500;

/** Creates a client. It follows the instances of user-service from now on. */
export function createUserClient({ discovery, clock, metrics }: UserClientOptions): UserClient {
  const unavailable = userErrors.USER_SERVICE_UNAVAILABLE;
  const users = apiClient(userApi, { discovery, clock, metrics, service: userServiceName, unavailable });
  return {
    async find(id, context) {
      try {
        return await users.getUser({ id }, context);
      } catch (error) {
        if (isAppError(error, userErrors.USER_NOT_FOUND)) return undefined;
        throw error;
      }
    },
    async page(cursor) {
      const { rows, cursor: next } = await users.listUsers({ limit: pageSize, ...(cursor === '' ? {} : { cursor }) });
      return { users: rows, next };
    },
    check: () => users.check(),
    close: () => users.close(),
  };
}
