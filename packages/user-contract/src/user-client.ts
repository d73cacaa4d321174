import type { Clock, Discovery } from '@flotilla/contracts';
import { createServiceCaller } from '@flotilla/kit/calling';
import { callService } from '@flotilla/kit/http';
import type { TraceContext } from '@flotilla/kit/telemetry';
import { type User, userSchema } from './user.ts';
import { userPaths, userServiceName } from './user-paths.ts';

/** What a {@link UserClient} is made from. */
export interface UserClientOptions {
  readonly discovery: Discovery;
  readonly clock: Clock;
}

/** On whose behalf a call is made: handed on, so that one request has one id and one trace in all logs. */
export interface CallContext {
  readonly requestId?: string | undefined;
  readonly trace?: TraceContext | undefined;
}

/** Asks user-service. It is found through the registry; an instance that fails is passed over for another. */
export interface UserClient {
  /**
   * The user with this id; undefined if there is none.
   *
   * @throws {AppError} USER_SERVICE_UNAVAILABLE when it can't be known: no instance answered within two seconds
   */
  find(id: number, context?: CallContext): Promise<User | undefined>;
}
