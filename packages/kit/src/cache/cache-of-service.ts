import type { Clock } from '@flotilla/contracts';
import type { Database } from '../database/index.ts';
import type { Redis } from '../redis/index.ts';
import type { Metrics, Tracer } from '../telemetry/index.ts';
import type { Cache } from './cache.ts';
import { directCache } from './direct-cache.ts';

/** What the cache of a service stands on. */
export interface ServiceCacheParts {
  /** The service's name: its instances share what is kept. */
  readonly name: string;
  /** Of `redisOfService`; undefined: nothing is kept. */
  readonly redis: Redis | undefined;
  /** The service's database, with the `cacheTables`. */
  readonly database: Pick<Database<unknown>, 'query' | 'prepare' | 'transaction'>;
}

/** The part of a service's context that its cache needs. */
export interface CacheContext {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  onClose(close: () => Promise<void>): void;
}

/** The cache of a service, closed with it. */
export async function cacheOfService(
  { name, redis, database }: ServiceCacheParts,
  { clock, metrics, tracer, onClose }: CacheContext,
): Promise<Cache> {
  if (redis === undefined) return directCache();
  // Only services with a Redis load the code for it.
  const { openCache } = await import('./open-cache.ts');
  const cache = openCache({ redis, database, service: name, metrics, clock });
  onClose(() => cache.close());
  if (!tracer.enabled) return cache;
  const { tracedCache } = await import('./traced-cache.ts');
  return tracedCache(cache, { tracer, clock });
}
