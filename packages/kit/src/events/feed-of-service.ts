import type { Clock } from '@flotilla/contracts';
import type { Database } from '../database/index.ts';
import type { HttpApp } from '../http/index.ts';
import type { Logger } from '../logger/index.ts';
import type { Tracer } from '../telemetry/index.ts';
import { createEventFeed, type EventFeed, type EventFeedOptions } from './event-feed.ts';
import type { EventKinds, EventSchemas } from './event-kinds.ts';
import type { EventConfig } from './event-settings.ts';
import { addEventFeed } from './feed-route.ts';

/** The part of a service's context that its feed needs. */
export interface FeedContext {
  readonly app: HttpApp;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** The values of `eventSettings`. */
  readonly config: EventConfig;
  /** Default: events have no spans. */
  readonly tracer?: Tracer;
  onDrain(run: () => void): void;
}

/** What a service says of its feed. */
export type FeedTraits = Pick<EventFeedOptions<EventSchemas>, 'baggage'>;

/** The feed of a service, in its database and at `/events`. Those who wait for news are answered when the service stops. */
export function feedOfService<Schemas extends EventSchemas>(
  database: Database<unknown>,
  kinds: EventKinds<Schemas>,
  { app, clock, logger, config, tracer, onDrain }: FeedContext,
  traits: FeedTraits = {},
): EventFeed<Schemas> {
  const feed = createEventFeed({
    ...{ database, kinds, clock, logger, tracer, baggage: traits.baggage },
    retentionMs: config.EVENTS_RETENTION_MS,
  });
  onDrain(() => feed.close());
  addEventFeed(app, feed);
  return feed;
}
