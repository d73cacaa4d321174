import { readFile } from 'node:fs/promises';
import { type Clock, systemClock } from '@flotilla/contracts';
import { ConfigurationError, type RedisLocation, redisLocation } from '../config/index.ts';
import type { Metrics, Tracer } from '../telemetry/index.ts';
import { CommandMetrics } from './command-metrics.ts';
import type { Redis } from './redis.ts';
import { RedisConnection } from './redis-connection.ts';
import { tracedRedis } from './traced-redis.ts';

/** How {@link openRedis} connects. */
export interface RedisOptions {
  /** The value of `REDIS_URL`. */
  readonly url: string;
  /** Shown in Redis' list of clients: the program's name. */
  readonly name: string;
  /** Default the system's. */
  readonly clock?: Clock;
  /** Returns a number from 0 to below 1, to spread reconnects; default `Math.random`. */
  readonly random?: () => number;
  /** Where to count how long commands take. Default nowhere. */
  readonly metrics?: Metrics | undefined;
  /** Takes a span of each command that is sent for a traced request. Default none. */
  readonly tracer?: Tracer | undefined;
}

/**
 * Connects to Redis in the background: a Redis that is away delays no start. The client library is loaded only now.
 *
 * @throws {ConfigurationError} when the file of `?cacert=` cannot be read
 */
export async function openRedis(options: RedisOptions): Promise<Redis> {
  const location = redisLocation(options.url);
  const ca = await certificatesOf(location);
  const { Redis: Client } = await import('ioredis');
  const { name, clock = systemClock, random = Math.random, metrics, tracer } = options;
  const measured = metrics && new CommandMetrics(location.database, metrics, clock);
  const redis = new RedisConnection(Client, { location, ca, name, clock, random, measured });
  return tracer?.enabled === true ? tracedRedis(redis, { location, tracer, clock }) : redis;
}

async function certificatesOf({ caFile }: RedisLocation): Promise<string | undefined> {
  if (caFile === undefined) return undefined;
  try {
    return await readFile(caFile, 'utf8');
  } catch (error) {
    // Errors of the file system are Errors with a code.
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigurationError(
      `Cannot read ${caFile}, the file of ?cacert= in REDIS_URL (${code}). Correct its path or its permissions`,
      { cause: error },
    );
  }
}
