import { AppError, type Clock, type Discovery } from '@flotilla/contracts';
import { createServiceCaller, endpointUrl } from '@flotilla/kit/calling';
import { createHttpClient, describeFailure } from '@flotilla/kit/client';
import type { RequestContext } from '@flotilla/kit/http';
import { z } from 'zod';
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
const usersSchema = z.array(userSchema);

/** The cursor in a `Link` to the next page (RFC 8288). */
function nextCursor(link: string | readonly string[] | undefined): string | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec([link ?? ''].flat().join())?.[1];
  return target === undefined ? undefined : (new URL(target, 'http://any').searchParams.get('cursor') ?? undefined);
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
    page: (cursor) =>
      caller.call(async (endpoint, limits) => {
        const query = new URLSearchParams({ limit: String(pageSize), ...(cursor === '' ? {} : { cursor }) });
        const result = await http.tryService({
          ...limits,
          baseUrl: endpointUrl(endpoint),
          path: `${userPaths.all}?${query.toString()}`,
          schema: usersSchema,
          clock,
        });
        if (result.kind === 'ok') return { users: result.value, next: nextCursor(result.headers['link']) };
        throw new AppError(unavailable, { cause: describeFailure(result) });
      }),
    check: () => caller.check(),
    close: () => http.close(),
  };
}
