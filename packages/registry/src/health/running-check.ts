import type { CheckDefinition } from '@flotilla/contracts';
import type { Lease } from '../lease/lease-table.ts';
import type { CheckPlace } from '../record/check.ts';
import type { Probe } from './probe/probe.ts';
import type { Scheduled } from './schedule/check-schedule.ts';
import type { CheckVerdict, Thresholds } from './verdict/check-verdict.ts';

/** When a check ran last. */
export interface LastRun {
  /** Wall-clock time, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** How long it took; undefined for a report. */
  readonly durationMs: number | undefined;
}

/** A check that this registry counts the time of, or whose reports it listens to. */
export interface RunningCheck {
  readonly place: CheckPlace;
  /** Undefined: it takes what is reported. */
  readonly definition: CheckDefinition | undefined;
  /** The address and port of the instance that it was begun for. */
  readonly endpoint: string;
  readonly verdict: CheckVerdict;
  /** Aborted when it ends. */
  readonly ended: AbortController;
  probe: Probe | undefined;
  scheduled: Scheduled<RunningCheck> | undefined;
  /** Runs out when nobody has reported for too long. */
  ttl: Lease<RunningCheck> | undefined;
  /** Runs out when the instance has been critical for too long. */
  removal: Lease<RunningCheck> | undefined;
  /** Runs out when what was said last may be shown. */
  hold: Lease<RunningCheck> | undefined;
  lastRun: LastRun | undefined;
}

/** One lost packet is no outage. */
const defaultFailures = 2;
const defaultIntervalMs = 10_000;
/** Slower than that, callers have long given up. */
const defaultTimeoutMs = 5_000;

export function thresholdsOf(definition: CheckDefinition | undefined): Thresholds {
  return {
    failuresBeforeWarning: definition?.failures_before_warning,
    failuresBeforeCritical: definition?.failures_before_critical ?? defaultFailures,
    successesBeforePassing: definition?.successes_before_passing ?? 1,
  };
}

/** How often a check is made, and how long an answer may take. */
export function timingOf({
  interval_ms = defaultIntervalMs,
  timeout_ms = Math.min(defaultTimeoutMs, interval_ms),
}: {
  readonly interval_ms?: number | undefined;
  readonly timeout_ms?: number | undefined;
}): { readonly intervalMs: number; readonly timeoutMs: number } {
  return { intervalMs: interval_ms, timeoutMs: timeout_ms };
}

/** How long it takes at least until something is known of an instance again: after a restart, nobody is removed before. */
export function firstNewsMs(definition: CheckDefinition): number {
  if (definition.type === 'ttl') return definition.ttl_ms;
  const { intervalMs, timeoutMs } = timingOf(definition);
  return intervalMs * (definition.successes_before_passing ?? 1) + timeoutMs;
}
