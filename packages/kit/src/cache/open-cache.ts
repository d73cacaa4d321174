import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '@flotilla/contracts';
import type { Database } from '../database/index.ts';
import type { Redis } from '../redis/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import type { Cache } from './cache.ts';
import { cacheState } from './cache-table.ts';
import { type CacheTimes, cacheTimes } from './cache-times.ts';
import { CacheTrust } from './cache-trust.ts';
import { redisCache } from './redis-cache.ts';

/** What {@link openCache} needs. */
export interface CacheOptions {
  readonly redis: Redis;
  /** The service's database, with the `cacheTables`. */
  readonly database: Pick<Database<unknown>, 'query' | 'prepare' | 'transaction'>;
  /** The name of the service: its instances share what is kept. */
  readonly service: string;
  readonly metrics: Metrics;
  /** Default the system's. */
  readonly clock?: Clock;
  /** Returns a number from 0 to below 1; default `Math.random`. */
  readonly random?: () => number;
  /** For tests: the same for all instances. */
  readonly times?: CacheTimes;
}

/** Opens the cache of a service. Close it before the database and the connection to Redis. */
export function openCache(options: CacheOptions): Cache {
  const { redis, database, service, metrics, clock = systemClock, random = Math.random, times = cacheTimes } = options;
  const state = cacheState(database);
  const trust = new CacheTrust({ state, clock, newToken, times });
  return redisCache({ redis, trust, service, clock, metrics, random, newToken, times });
}

function newToken(): string {
  return randomBytes(8).toString('hex');
}
