import type { Clock } from '@flotilla/contracts';
import type { z } from 'zod';
import type { Redis } from '../redis/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import type { Cache, CachedKind } from './cache.ts';
import { cacheCounters } from './cache-metrics.ts';
import type { CacheTimes } from './cache-times.ts';
import type { CacheTrust } from './cache-trust.ts';
import { valueForm } from './cached-value.ts';
import { RedisKind } from './redis-kind.ts';
import { RedisUse } from './redis-use.ts';

/** What {@link redisCache} needs. */
export interface RedisCacheOptions {
  readonly redis: Redis;
  readonly trust: CacheTrust;
  /** The name of the service, which its keys begin with. */
  readonly service: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Returns a number from 0 to below 1, to spread the times when values end. */
  readonly random: () => number;
  /** Makes a text of letters and digits that nobody has made before. */
  readonly newToken: () => string;
  readonly times: CacheTimes;
}

/** A cache in Redis. It owns `trust`, and not the connection. */
export function redisCache(options: RedisCacheOptions): Cache {
  const { redis, trust, service, clock, metrics, random, newToken, times } = options;
  const use = new RedisUse({ redis, trust, clock, ownKey: `flotilla:${service}:try:${newToken()}`, times });
  const usable = metrics.gauge({
    name: 'cache_usable',
    help: '1 while values of the cache are used, 0 while all reads go to the database.',
    merge: 'min',
  });
  metrics.onCollect(() => usable.labels().set(use.epoch === undefined ? 0 : 1));
  trust.start();
  return {
    kind<T>(name: string, schema: z.ZodType<T>): CachedKind<T> {
      const counters = cacheCounters(metrics, name);
      const prefix = `flotilla:${service}:${name}:`;
      return new RedisKind<T>({
        redis,
        use,
        trust,
        clock,
        random,
        newToken,
        counters,
        prefix,
        form: valueForm(schema),
        times,
      });
    },
    async close() {
      use.close();
      await trust.close();
    },
  };
}
