import type { Counter, Metrics } from '../telemetry/index.ts';

/** Counts what becomes of the reads and writes of one kind of record. */
export interface CacheCounters {
  /** Answered with a value that was kept. */
  readonly hit: Counter;
  /** Loaded from the database, and kept. */
  readonly miss: Counter;
  /** Loaded from the database because another instance was loading or writing it. */
  readonly contended: Counter;
  /** Loaded from the database because Redis cannot be used. */
  readonly bypass: Counter;
  /** Shared the work of another read. */
  readonly shared: Counter;
  /** Writes that removed the old value. */
  readonly removed: Counter;
  /** Writes that could not, and relied on nobody using it. */
  readonly covered: Counter;
}

/** The counters of one kind of record. */
export function cacheCounters(metrics: Metrics, kind: string): CacheCounters {
  const reads = metrics.counter({
    name: 'cache_reads_total',
    help: 'Reads by what became of them: hit and shared ones cost the database nothing.',
    labels: ['kind', 'result'],
  });
  const writes = metrics.counter({
    name: 'cache_writes_total',
    help: 'Writes by whether the old value was removed from Redis, or the cache was off for all instances.',
    labels: ['kind', 'result'],
  });
  return {
    hit: reads.labels(kind, 'hit'),
    miss: reads.labels(kind, 'miss'),
    contended: reads.labels(kind, 'contended'),
    bypass: reads.labels(kind, 'bypass'),
    shared: reads.labels(kind, 'shared'),
    removed: writes.labels(kind, 'removed'),
    covered: writes.labels(kind, 'covered'),
  };
}
