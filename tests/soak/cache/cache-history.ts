import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningRedis } from '@flotilla/conformance/databases';
import { isAppError } from '@flotilla/contracts';
import { Random } from '../../fuzz/random.ts';
import { type CacheInstance, openInstance, type Times } from './cache-instance.ts';
import { RegisterHistory } from './register-history.ts';

/** What a history consists of. */
export interface HistoryOptions {
  readonly redis: RunningRedis;
  readonly databaseUrl: string;
  readonly seed: number;
  readonly durationMs: number;
  /** Default: those of a real service. */
  readonly times?: Times;
  readonly instances?: number;
  readonly keys?: number;
  /** Told of each fault. */
  readonly onFault?: (what: string) => void;
}

/** What came of it. */
export interface HistoryReport {
  readonly findings: readonly string[];
  readonly reads: number;
  readonly hits: number;
  readonly writes: number;
  /** Writes that ended with an error, so that nobody knows. */
  readonly unacknowledged: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Reads that found something older than an earlier read had: allowed only for writes that were not acknowledged yet. */
  readonly backward: number;
  /** The longest read and write, in milliseconds. */
  readonly slowestReadMs: number;
  readonly slowestWriteMs: number;
}

/**
 * Lets several instances read and write the same few records at random, while Redis and the ways to it fail in every manner, and
 * compares each read with what was acknowledged before it began.
 */
export async function runHistory(options: HistoryOptions): Promise<HistoryReport> {
  const { redis, databaseUrl, seed, durationMs, times, onFault, instances: count = 4, keys = 5 } = options;
  const open = (name: string): Promise<CacheInstance> =>
    openInstance({ name, databaseUrl, redisPort: redis.port, ...(times === undefined ? {} : { times }) });
  const instances: CacheInstance[] = [];
  for (let number = 1; number <= count; number += 1) instances.push(await open(`instance-${number}`));
  const histories = new Map<number, RegisterHistory>();
  for (let key = 0; key < keys; key += 1) {
    const { id } = await only(instances[0]).records.add({ version: 0 });
    histories.set(id, new RegisterHistory(`record ${id}`));
  }
  const totals = { reads: 0, hits: 0, writes: 0, unacknowledged: 0, backward: 0, slowestReadMs: 0, slowestWriteMs: 0 };
  const faults: Record<string, number> = {};
  const endMs = performance.now() + durationMs;
  let hasFailed = false;
  const isOver = (): boolean => hasFailed || performance.now() > endMs;

  const write = async (random: Random, id: number, history: RegisterHistory): Promise<void> => {
    while (!isOver()) {
      await sleep(random.below(30));
      const { records, database } = random.pick(instances);
      const version = history.beginWrite();
      const startedMs = performance.now();
      try {
        if (random.chance(50)) await records.change(id, { version });
        else await database.transaction((transaction) => records.within(transaction).change(id, { version }));
        history.acknowledge(version);
        totals.writes += 1;
      } catch (error) {
        if (!isClosed(error)) throw error;
        totals.unacknowledged += 1;
      }
      totals.slowestWriteMs = Math.max(totals.slowestWriteMs, performance.now() - startedMs);
    }
  };
  const read = async (random: Random): Promise<void> => {
    while (!isOver()) {
      await sleep(random.below(4));
      const [id, history] = random.pick([...histories]);
      const { records, name } = random.pick(instances);
      const end = history.beginRead(name);
      const startedMs = performance.now();
      try {
        if (end((await records.find(id))?.version)) totals.backward += 1;
        totals.reads += 1;
      } catch (error) {
        if (!isClosed(error)) throw error;
      }
      totals.slowestReadMs = Math.max(totals.slowestReadMs, performance.now() - startedMs);
    }
  };
  const disturb = async (random: Random): Promise<void> => {
    let restarted = 0;
    const kinds: readonly (readonly [string, () => Promise<void>])[] = [
      [
        'restarted without data',
        async () => {
          await redis.ask('CONFIG', 'SET', 'dbfilename', `none-${restarted}.rdb`);
          await redis.kill();
          await redis.start();
        },
      ],
      [
        'restarted with old data',
        async () => {
          await redis.ask('SAVE');
          await sleep(random.below(300));
          await redis.kill();
          await sleep(random.below(200));
          await redis.start();
        },
      ],
      ['frozen', async () => (await redis.freeze(), await sleep(10 + random.below(1_500)), await redis.thaw())],
      ['frozen for a moment', async () => (await redis.freeze(), await sleep(random.below(80)), await redis.thaw())],
      [
        'one way cut',
        async () => {
          const { way } = random.pick(instances);
          way.cut();
          await sleep(random.below(1_500));
          way.mend();
        },
      ],
      [
        'one way blocked',
        async () => {
          const { way } = random.pick(instances);
          way.block();
          await sleep(random.below(1_500));
          way.mend();
        },
      ],
      ['flushed', async () => void (await redis.ask('FLUSHALL'))],
      [
        'overwritten by somebody else',
        async () => {
          const [id] = random.pick([...histories]);
          const key = `flotilla:history:counted:${id}`;
          await redis.ask(
            ...random.pick([
              ['SET', key, '{"id":1,"version":0}'],
              ['SET', key, 'v|a.b|c|{}'],
              ['RPUSH', key, 'x'],
              ['DEL', key],
            ]),
          );
        },
      ],
      [
        'an instance killed',
        async () => {
          const at = random.below(instances.length);
          const gone = only(instances[at]);
          instances[at] = await open(`${gone.name}+`);
          await gone.crash();
        },
      ],
    ];
    while (!isOver()) {
      await sleep(50 + random.below(600));
      const [name, run] = random.pick(kinds);
      restarted += 1;
      onFault?.(name);
      faults[name] = (faults[name] ?? 0) + 1;
      await run();
    }
  };
  // Each has its own choices: how fast the others are does not change them.
  const streams = [
    ...[...histories].map(([id, history], index) => write(new Random(seed * 1_000 + index), id, history)),
    ...Array.from({ length: 12 }, (_, index) => read(new Random(seed * 1_000 + 100 + index))),
    ...(onFault === undefined ? [] : [disturb(new Random(seed * 1_000 + 500))]),
  ];
  try {
    await Promise.all(streams);
    totals.hits = instances.reduce((sum, instance) => sum + instance.count('hit'), 0);
  } finally {
    hasFailed = true;
    await Promise.allSettled(streams);
    for (const instance of instances) await instance.close();
  }
  return { ...totals, faults, findings: [...histories.values()].flatMap(({ findings }) => findings) };
}

function only<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('There is none');
  return value;
}

/** Whether an instance was killed meanwhile. */
function isClosed(error: unknown): boolean {
  return isAppError(error) || (error instanceof Error && /not open|destroyed|finalized/i.test(error.message));
}
