import { resolve } from 'node:path';
import { type Clock, type Logger, systemClock, type Timer } from '@flotilla/contracts';
import { localBackend } from './local-backend.ts';
import type { Telemetry, TelemetryChange, TelemetryQueries, TelemetryStatus } from './telemetry.ts';
import { threadedBackend } from './threaded-backend.ts';

/** Where telemetry is kept, and how much. */
export interface TelemetryOptions {
  /** The file; missing folders are created. `:memory:` is forgotten at the end of the process. */
  readonly file: string;
  /** How large the file may become. Default 256 MiB: some hours of a busy fleet of a developer. At least 16 MiB. */
  readonly maxBytes?: number;
  /** How long something is kept. Default 24 hours: what led to yesterday's end of work. */
  readonly maxAgeMs?: number;
  readonly logger: Logger;
  /** Default the system's. Threads always have that. */
  readonly clock?: Clock;
  /** Whether to work on threads of its own, for a program that serves others meanwhile. Default: unless in memory. */
  readonly threads?: boolean;
}

const mebibyte = 1_048_576;
/** The write-ahead log beside the file, which counts too. */
const journalBytes = 8 * mebibyte;
const changeEveryMs = 100;

/**
 * Opens the dashboard's store. A damaged file is moved aside and a new one begun, with a word in the log and in `status()`.
 *
 * @throws {DatabaseSetupError} when nothing can be opened there
 */
export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { logger, clock = systemClock } = options;
  const isInMemory = options.file === ':memory:';
  const file = isInMemory ? options.file : resolve(options.file);
  const maxBytes = Math.max(options.maxBytes ?? 256 * mebibyte, 16 * mebibyte);
  const fileBytes = maxBytes - journalBytes;
  // A sixteenth is for what one transaction adds before the oldest goes.
  const bounds = { maxBytes: Math.floor((fileBytes * 15) / 16), maxAgeMs: options.maxAgeMs ?? 86_400_000 };
  const open = (options.threads ?? !isInMemory) && !isInMemory ? threadedBackend : localBackend;
  const backend = await open({ file, fileBytes, bounds, clock });
  const listeners = new Set<(change: TelemetryChange) => void>();
  let change: TelemetryChange | undefined;
  let telling: Timer | undefined;
  let trouble: TelemetryStatus['trouble'];
  noteTrouble();

  function noteTrouble(): void {
    const message = backend.state.trouble;
    if (message === trouble?.message) return;
    trouble = message === undefined ? undefined : { message, sinceMs: clock.now() };
    if (message !== undefined) logger.warn(message);
  }

  function tell(came: TelemetryChange): void {
    change = {
      spans: came.spans || change?.spans === true,
      logs: came.logs || change?.logs === true,
      points: came.points || change?.points === true,
    };
    telling ??= clock.after(changeEveryMs, () => {
      const told = change;
      change = undefined;
      telling = undefined;
      if (told !== undefined) for (const listener of listeners) listener(told);
    });
  }

  async function noting<Result extends { readonly change: TelemetryChange }>(
    written: Promise<Result>,
  ): Promise<Result> {
    try {
      const result = await written;
      tell(result.change);
      return result;
    } finally {
      noteTrouble();
    }
  }

  return {
    async receive(signal, encoding, body) {
      const { rejected, reason } = await noting(backend.take(signal, encoding, body));
      return { rejected, ...(reason === undefined ? {} : { reason }) };
    },
    async add(batches) {
      const { rejected, reason } = await noting(backend.add(batches));
      return { rejected, ...(reason === undefined ? {} : { reason }) };
    },
    queries: asking((name, args) => backend.ask(name, args)),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    status() {
      const { usedBytes } = backend.state;
      noteTrouble();
      return { file, usedBytes, maxBytes, ...(trouble === undefined ? {} : { trouble }) };
    },
    async close() {
      telling?.cancel();
      await backend.close();
    },
  };
}

function asking(ask: (name: string, args: readonly unknown[]) => Promise<unknown>): TelemetryQueries {
  // `Queries` has the same methods; what they return arrives as it was.
  const question =
    <Name extends keyof TelemetryQueries>(name: Name) =>
    (...args: Parameters<TelemetryQueries[Name]>): ReturnType<TelemetryQueries[Name]> =>
      ask(name, args) as ReturnType<TelemetryQueries[Name]>;
  return {
    requests: question('requests'),
    trace: question('trace'),
    logs: question('logs'),
    logsAfter: question('logsAfter'),
    lastLogId: question('lastLogId'),
    metrics: question('metrics'),
    metric: question('metric'),
    topology: question('topology'),
    traffic: question('traffic'),
  };
}
