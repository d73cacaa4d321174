import type { Clock, Discovery } from '@flotilla/contracts';
import type { Cache } from '@flotilla/kit/cache';
import type { Database } from '@flotilla/kit/database';
import {
  createEventConsumer,
  createHttpEventSource,
  createRedisEventSource,
  type EventConsumer,
} from '@flotilla/kit/events';
import type { Logger } from '@flotilla/kit/logger';
import type { Redis } from '@flotilla/kit/redis';
import type { Metrics, Tracer } from '@flotilla/kit/telemetry';
import { type UserClient, userErrors, userEvents, userServiceName } from '@flotilla/user-contract';
import { KnownUsers } from './store/known-users.ts';
import { type OrderFeed, orderStore } from './store/orders.ts';
import { applyUserEvent, copyOfUsers } from './use-cases/follow-users.ts';

/** What {@link followUsers} needs. */
export interface FollowUsersOptions {
  readonly database: Database<unknown>;
  /** The cache of the orders that are cancelled. Default: none. */
  readonly cache?: Cache;
  /** Where cancelled orders are published. */
  readonly events: OrderFeed;
  readonly users: Pick<UserClient, 'find' | 'page'>;
  /** Where user-service hands its events on to. Default: its feed is read. */
  readonly redis?: Redis | undefined;
  readonly discovery: Discovery;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

/** Keeps what is known of users up to date from now on, and cancels the orders of those that are deleted. */
export function followUsers(options: FollowUsersOptions): EventConsumer {
  const { database, cache, events, users, redis, discovery, clock, logger, metrics, tracer } = options;
  const feed = createHttpEventSource({
    ...{ discovery, clock, service: userServiceName },
    unavailable: userErrors.USER_SERVICE_UNAVAILABLE,
  });
  const source = redis === undefined ? feed : createRedisEventSource({ redis, service: userServiceName, feed, clock });
  const following = { orders: orderStore(database, events, cache), knownUsers: new KnownUsers(database), clock };
  const consumer = createEventConsumer({
    ...{ name: 'users', kinds: userEvents, source, database, clock, logger, metrics, tracer },
    apply: applyUserEvent(following),
    copy: copyOfUsers(following, users),
  });
  return {
    check: () => consumer.check(),
    async close() {
      await consumer.close();
      feed.close();
    },
  };
}
