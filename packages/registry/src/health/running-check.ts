import { addressKind, type CheckDefinition } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { Lease } from '../lease/lease-table.ts';
import type { CheckPlace } from '../record/check.ts';
import { isSameJson } from '../record/json-object.ts';
import type { Probe } from './probe/probe.ts';
import { type InstancePlace, placeAsked } from './probe/probe-of.ts';
import type { Scheduled } from './schedule/check-schedule.ts';
import { type Beginning, CheckVerdict, type Thresholds } from './verdict/check-verdict.ts';

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
  /** The machine that it tells of; undefined if it is the registry's own, to which there is always a way. */
  readonly host: string | undefined;
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

/** A check that has done nothing yet. */
export function newRunningCheck(
  place: CheckPlace,
  definition: CheckDefinition | undefined,
  { endpoint, record }: Pick<InstanceEntry, 'endpoint' | 'record'>,
  beginning: Beginning,
): RunningCheck {
  return {
    ...{ place, definition, endpoint },
    host: hostOf(definition, record),
    verdict: new CheckVerdict(thresholdsOf(definition), beginning),
    ended: new AbortController(),
    ...{ probe: undefined, scheduled: undefined, ttl: undefined, removal: undefined, hold: undefined },
    lastRun: undefined,
  };
}

/** One lost packet is no outage. */
const defaultFailures = 2;
const defaultIntervalMs = 10_000;
/** Slower than that, callers have long given up. */
const defaultTimeoutMs = 5_000;

function thresholdsOf(definition: CheckDefinition | undefined): Thresholds {
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

/** Whether two definitions say the same. */
export function isSameDefinition(a: CheckDefinition | undefined, b: CheckDefinition | undefined): boolean {
  return a === b || isSameJson(JSON.parse(JSON.stringify(a ?? null)), JSON.parse(JSON.stringify(b ?? null)));
}

/** Between what was found and why that is not shown. */
const noteMark = '\n[not yet shown: ';

/** What was found, with why it is not shown, if it is not. */
export function noted(output: string, note: string | undefined): string {
  return note === undefined ? output : `${output}${noteMark}${note}]`;
}

/** What was found, without the note. */
export function withoutNote(output: string): string {
  return output.split(noteMark)[0] ?? '';
}

/** The machine that a check of an instance tells of. */
function hostOf(definition: CheckDefinition | undefined, instance: InstancePlace): string | undefined {
  const host =
    definition === undefined || definition.type === 'ttl' ? instance.address : placeAsked(definition, instance).host;
  return host === '' || addressKind(host) === 'loopback' ? undefined : host;
}
