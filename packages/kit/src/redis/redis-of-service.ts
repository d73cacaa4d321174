import type { Clock } from '@flotilla/contracts';
import type { Health } from '../health/index.ts';
import type { Metrics, Tracer } from '../telemetry/index.ts';
import type { Redis } from './redis.ts';

/** The part of a service's context that its Redis needs. */
export interface RedisContext {
  readonly config: { readonly REDIS_URL: string | undefined };
  readonly clock: Clock;
  readonly health: Pick<Health, 'addCheck'>;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  onClose(close: () => Promise<void>): void;
}

/** How long a start waits for Redis: a connection takes a few milliseconds, and a service works without. */
const startWaitMs = 500;

/**
 * The Redis of a service, as `REDIS_URL` says; undefined without. It is closed with the service, and `/ready` shows it, but a
 * service is ready without it.
 *
 * @param name the service's name, for Redis' list of clients
 * @throws {ConfigurationError} when the file of `?cacert=` cannot be read
 */
export async function redisOfService(
  name: string,
  { config, clock, health, metrics, tracer, onClose }: RedisContext,
): Promise<Redis | undefined> {
  if (config.REDIS_URL === undefined) return undefined;
  // Only services with a Redis load the code for it.
  const { openRedis } = await import('./open-redis.ts');
  const redis = await openRedis({ url: config.REDIS_URL, name, clock, metrics, tracer });
  onClose(() => redis.close());
  await redis.settled(startWaitMs);
  health.addCheck({ name: 'redis', critical: false, check: () => redis.check() });
  return redis;
}
