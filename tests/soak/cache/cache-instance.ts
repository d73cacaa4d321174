import { type Cache, type CachedKind, cachedRecords, cacheTables, openCache } from '@flotilla/kit/cache';
import { type Database, openDatabase, type RecordStore, recordStore } from '@flotilla/kit/database';
import { openRedis, type Redis } from '@flotilla/kit/redis';
import { createMetrics } from '@flotilla/kit/telemetry';
import { z } from 'zod';
import { type CuttableWay, cuttableWay } from './cuttable-way.ts';

/** A row with a number that grows with each write. */
export interface Counted {
  readonly id: number;
  readonly version: number;
}

const countedSchema = z.strictObject({ id: z.number(), version: z.number() });

/** A service's instance, as far as its cache goes: a database of its own connections, and a way to Redis of its own. */
export interface CacheInstance {
  readonly name: string;
  readonly way: CuttableWay;
  readonly records: RecordStore<Counted>;
  readonly database: Database<unknown>;
  readonly cached: CachedKind<Counted>;
  readonly redis: Redis;
  /** How many reads ended in this way so far: `hit`, `miss`, … */
  count(result: string): number;
  /** How often the database was asked for one record. */
  readonly loads: number;
  /** Ends as after kill -9: nobody is told. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

export type Times = NonNullable<Parameters<typeof openCache>[0]['times']>;

/** Where an instance finds everything. */
export interface InstanceOptions {
  readonly name: string;
  readonly databaseUrl: string;
  readonly redisPort: number;
  readonly times?: Times;
}

export async function openInstance({ name, databaseUrl, redisPort, times }: InstanceOptions): Promise<CacheInstance> {
  const database = await openDatabase<unknown>({
    url: databaseUrl,
    migrations: [
      {
        id: '0001-create-counted',
        sql: (words) =>
          `CREATE TABLE counted (id ${words.newId}, version ${words.wholeNumber} NOT NULL) ${words.strictTable}; ${cacheTables(words)}`,
      },
    ],
  });
  const way = await cuttableWay(redisPort);
  const redis = await openRedis({ url: `redis://127.0.0.1:${way.port}`, name });
  await redis.settled(1_000);
  const metrics = createMetrics();
  const cache: Cache = openCache({
    redis,
    database,
    service: 'history',
    metrics,
    ...(times === undefined ? {} : { times }),
  });
  const cached = cache.kind<Counted>('counted', countedSchema);
  const store = recordStore<Counted>(database, { table: 'counted', columns: ['id', 'version'] });
  let loads = 0;
  const counting: RecordStore<Counted> = {
    ...store,
    async find(id) {
      loads += 1;
      return store.find(id);
    },
  };
  const end = async (): Promise<void> => {
    await redis.close();
    await database.close();
    await way[Symbol.asyncDispose]();
  };
  return {
    name,
    way,
    database,
    cached,
    redis,
    records: cachedRecords(counting, cached),
    count: (result) =>
      Number(
        new RegExp(`cache_reads_total\\{kind="counted",result="${result}"\\} (\\d+)`).exec(
          metrics.render().body,
        )?.[1] ?? 0,
      ),
    get loads() {
      return loads;
    },
    crash: end,
    async close() {
      await cache.close();
      await end();
    },
  };
}
