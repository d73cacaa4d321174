import { readDuration, readTimeout, type TelemetryConfig } from './otlp-target.ts';

/** How much is kept and sent at once, and when. */
export interface BatchLimits {
  /** How long the first of a batch waits for others; 0: for none. */
  readonly delayMs: number;
  /** How long a batch may take to be sent, with all attempts. */
  readonly timeoutMs: number;
  /** How many wait to be sent; further ones are dropped. */
  readonly maxQueued: number;
  readonly maxBatch: number;
}

/** OpenTelemetry's defaults: for spans (BSP) and for log records (BLRP), which come in bursts with less time in between. */
const defaults = {
  BSP: { delayMs: 5_000, timeoutMs: 30_000, maxQueued: 2_048, maxBatch: 512 },
  BLRP: { delayMs: 1_000, timeoutMs: 30_000, maxQueued: 2_048, maxBatch: 512 },
} as const;

/** More than this many would fill memory when nobody takes them. */
const mostQueued = 1_000_000;

/** Reads `OTEL_BSP_…` or `OTEL_BLRP_…`. What is wrong is added to `problems`, and the default used. */
export function readBatchLimits(config: TelemetryConfig, kind: 'BSP' | 'BLRP', problems: string[]): BatchLimits {
  const usual = defaults[kind];
  const written = <Name extends string>(name: Name): { name: string; value: string } | undefined => {
    const value = (config as Readonly<Record<string, unknown>>)[`OTEL_${kind}_${name}`];
    return typeof value === 'string' ? { name: `OTEL_${kind}_${name}`, value: value.trim() } : undefined;
  };
  const count = (name: string, fallback: number): number => {
    const given = written(name);
    if (given === undefined) return fallback;
    const read = Number(given.value);
    if (/^\d+$/.test(given.value) && read >= 1 && read <= mostQueued) return read;
    problems.push(`${given.name} is not a whole number from 1 to ${mostQueued}. It is ${fallback}.`);
    return fallback;
  };
  const maxQueued = count('MAX_QUEUE_SIZE', usual.maxQueued);
  return {
    delayMs: readDuration(written('SCHEDULE_DELAY'), usual.delayMs, problems),
    timeoutMs: readTimeout(written('EXPORT_TIMEOUT'), usual.timeoutMs, problems),
    maxQueued,
    // A batch cannot be larger than what waits.
    maxBatch: Math.min(count('MAX_EXPORT_BATCH_SIZE', usual.maxBatch), maxQueued),
  };
}
