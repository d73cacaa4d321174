import { resolve } from 'node:path';
import { type Clock, type Logger, systemClock, type Timer } from '@flotilla/contracts';
import { Queries } from '../queries/index.ts';
import { type Added, type Batch, openDatabase, Store } from '../store/index.ts';
import type { Telemetry, TelemetryChange, TelemetryStatus } from './telemetry.ts';

/** Where telemetry is kept, and how much. */
export interface TelemetryOptions {
  /** The file; missing folders are created. `:memory:` is forgotten at the end of the process. */
  readonly file: string;
  /** How large the file may become. Default 256 MiB: some hours of a busy fleet of a developer. At least 16 MiB. */
  readonly maxBytes?: number;
  /** How long something is kept. Default 24 hours: what led to yesterday's end of work. */
  readonly maxAgeMs?: number;
  readonly logger: Logger;
  /** Default the system's. */
  readonly clock?: Clock;
}

const mebibyte = 1_048_576;
/** The write-ahead log beside the file, which counts too. */
const journalBytes = 8 * mebibyte;
const tidyEveryMs = 60_000;
const changeEveryMs = 100;

/**
 * Opens the dashboard's store. A damaged file is moved aside and a new one begun, with a word in the log and in `status()`.
 *
 * @throws {DatabaseSetupError} when nothing can be opened there
 */
export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const clock = options.clock ?? systemClock;
  const maxBytes = Math.max(options.maxBytes ?? 256 * mebibyte, 16 * mebibyte);
  const fileBytes = maxBytes - journalBytes;
  const { database, trouble } = openDatabase(options.file, fileBytes, clock, options.logger);
  // A sixteenth is for what one transaction adds before the oldest goes.
  const bounds = { maxBytes: Math.floor((fileBytes * 15) / 16), maxAgeMs: options.maxAgeMs ?? 86_400_000 };
  const store = new Store(database, clock, bounds);
  const queries = new Queries(database);
  const openedMs = clock.now();
  const listeners = new Set<(change: TelemetryChange) => void>();
  let change: TelemetryChange | undefined;
  let tidying = clock.after(tidyEveryMs, tidy);
  let telling: Timer | undefined;

  function tidy(): void {
    store.tidy();
    tidying = clock.after(tidyEveryMs, tidy);
  }

  function tell(batches: readonly Batch[]): void {
    const has = (key: 'spans' | 'logs' | 'points'): boolean =>
      change?.[key] === true || batches.some((batch) => (batch[key]?.length ?? 0) > 0);
    change = { spans: has('spans'), logs: has('logs'), points: has('points') };
    telling ??= clock.after(changeEveryMs, () => {
      const told = change;
      change = undefined;
      telling = undefined;
      if (told !== undefined) for (const listener of listeners) listener(told);
    });
  }

  return {
    async add(batches): Promise<Added> {
      const added = store.add(batches);
      tell(batches);
      return added;
    },
    queries: {
      requests: async (filter) => queries.requests(filter),
      trace: async (traceId) => queries.trace(traceId),
      logs: async (filter) => queries.logs(filter),
      logsAfter: async (id, filter) => queries.logsAfter(id, filter),
      lastLogId: async () => queries.lastLogId(),
      metrics: async () => queries.metrics(),
      metric: async (filter) => queries.metric(filter),
      topology: async (fromMs, toMs, options) => queries.topology(fromMs, toMs, options),
      traffic: async (fromMs, toMs) => queries.traffic(fromMs, toMs),
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    status(): TelemetryStatus {
      return {
        file: options.file === ':memory:' ? options.file : resolve(options.file),
        usedBytes: store.bytes.used,
        maxBytes,
        ...(trouble === undefined ? {} : { trouble: { message: trouble, sinceMs: openedMs } }),
      };
    },
    async close() {
      tidying.cancel();
      telling?.cancel();
      store.close();
    },
  };
}
