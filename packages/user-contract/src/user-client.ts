import { AppError, type Clock, type Discovery } from '@flotilla/contracts';
import { createServiceCaller, endpointUrl } from '@flotilla/kit/calling';
import { createHttpClient, describeFailure } from '@flotilla/kit/client';
import type { RequestContext } from '@flotilla/kit/http';
import { type User, userSchema } from './user.ts';
import { userErrors } from './user-errors.ts';
import { userPaths, userServiceName } from './user-paths.ts';

/** What {@link createUserClient} needs. */
export interface UserClientOptions {
  readonly discovery: Discovery;
  readonly clock: Clock;
}

/** The request that causes a call: passed on, so that one request has one id and one trace in all logs. */
export type CallContext = Pick<RequestContext, 'requestId' | 'trace'>;

/** A client of user-service. It finds the service through the registry; if an instance fails, it tries another. */
export interface UserClient {
  /**
   * The user with this id; undefined if there is none.
   *
   * @throws {AppError} USER_SERVICE_UNAVAILABLE when no instance answered within two seconds
   */
  find(id: number, context?: CallContext): Promise<User | undefined>;
  /** For a health check: throws while no instance of user-service is known. */
  check(): void;
  /** Closes the connections. */
  close(): void;
}

/** Creates a client. It follows the instances of user-service from now on. */
export function createUserClient({ discovery, clock }: UserClientOptions): UserClient {
  const unavailable = userErrors.USER_SERVICE_UNAVAILABLE;
  const caller = createServiceCaller({ discovery, clock, service: userServiceName, unavailable });
  const http = createHttpClient();
  return {
    find: (id, context) =>
      caller.call(async (endpoint, limits) => {
        const path = userPaths.one(id);
        const result = await http.tryService({
          ...context,
          ...limits,
          baseUrl: endpointUrl(endpoint),
          path,
          schema: userSchema,
          clock,
        });
        if (result.kind === 'ok') return result.value;
        // Check the code, not only the status: something else at this address could also answer 404.
        if (result.kind === 'status' && result.code === userErrors.USER_NOT_FOUND.code) return undefined;
        throw new AppError(unavailable, { cause: describeFailure(result) });
      }),
    check: () => caller.check(),
    close: () => http.close(),
  };
}
