import type { Clock } from '@flotilla/contracts';
import type { Logger } from '../logger/index.ts';
import type { Redis } from '../redis/index.ts';
import type { EventFeed } from './event-feed.ts';
import type { EventSchemas } from './event-kinds.ts';
import { relayEvents } from './event-relay.ts';
import { RedisSink } from './redis-sink.ts';

/** The part of a service's context that its relay needs. */
export interface RelayContext {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  onDrain(run: () => Promise<void>): void;
}

/**
 * Hands the events of a service on to a stream in its Redis, until it stops: at any time from one of its instances. Without Redis,
 * consumers read the feed.
 *
 * @param service its name, as consumers know it
 */
export function relayOfService<Schemas extends EventSchemas>(
  {
    service,
    feed,
    redis,
  }: { readonly service: string; readonly feed: EventFeed<Schemas>; readonly redis: Redis | undefined },
  { clock, logger, onDrain }: RelayContext,
): void {
  if (redis === undefined) return;
  const sink = new RedisSink({ redis, service, clock });
  const relay = relayEvents({ feed, sink, clock, logger });
  onDrain(async () => {
    await relay.close();
    await sink.close();
  });
}
