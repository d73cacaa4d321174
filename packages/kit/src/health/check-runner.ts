import type { Clock } from '@flotilla/contracts';
import { bounded } from '@flotilla/contracts/time';
import type { Logger } from '../logger/index.ts';

/** A check of something that a program needs, such as its database. */
export interface Check {
  /** One word, shown in `/ready`: `database`. */
  readonly name: string;
  /** Throws or rejects if the check fails. `signal` is aborted when nobody waits for the answer any more. */
  check(signal: AbortSignal): Promise<void> | void;
  /** How long the check may take, in milliseconds. Default 1000: probes usually wait no longer. */
  readonly timeoutMs?: number;
  /**
   * How long a result is reused while the program starts; later, checks run on a timer. Default 1000: a program that waits for
   * what it needs asks once a second.
   */
  readonly cacheMs?: number;
  /** Whether the program is not ready while the check fails. Default true; `false` only shows the result. */
  readonly critical?: boolean;
}

/** The result of a check. The reason of a failure is only in the log: it may name hosts and files. */
export type CheckResult = 'ok' | 'failed' | 'timeout';

/** One check with its cache. */
export interface CheckRunner {
  readonly name: string;
  readonly critical: boolean;
  /** The last result; undefined before the first. */
  readonly latest: CheckResult | undefined;
  /** The cached result if it is fresh, else that of one run, shared by all who wait. Never rejects. */
  result(): Promise<CheckResult>;
  /** The result of the current run, or of a new one. Never rejects. */
  refresh(): Promise<CheckResult>;
}

/** What {@link createCheckRunner} needs in addition to the check. */
export interface CheckRunnerOptions {
  readonly clock: Clock;
  readonly logger?: Pick<Logger, 'warn' | 'info'> | undefined;
  /** Whether the program has just started and has not been ready yet. */
  readonly starting: () => boolean;
}

/**
 * Wraps `check`. A change from passing to failing and back is logged once each: as a warning, except while the program starts,
 * when what it needs may be starting too. If the check still fails after that, it warns.
 */
export function createCheckRunner(check: Check, options: CheckRunnerOptions): CheckRunner {
  const { clock, logger, starting } = options;
  const timeoutMs = check.timeoutMs ?? 1000;
  const cacheMs = check.cacheMs ?? 1000;
  let last: { readonly result: CheckResult; readonly atMs: number } | undefined;
  let running: Promise<CheckResult> | undefined;
  /** The check fails, but there was no warning yet. */
  let excused = false;
  let hasPassed = false;
  /** The check's own promise; it may hang even after we gave up on it. */
  let attempt: Promise<void> | undefined;

  async function run(): Promise<CheckResult> {
    const outcome = await runOnce();
    if (outcome.result === 'ok') hasPassed = true;
    const warningIsDue = excused && outcome.result !== 'ok' && !starting();
    if (outcome.result !== (last?.result ?? 'ok') || warningIsDue) report(outcome);
    last = { result: outcome.result, atMs: clock.monotonicMs() };
    return outcome.result;
  }

  async function runOnce(): Promise<{ readonly result: CheckResult; readonly error?: unknown }> {
    // A check that hangs is not started again: hanging calls would pile up.
    if (attempt !== undefined) return { result: 'timeout' };
    const end = await bounded(clock, timeoutMs, (signal) => {
      // The async function turns a synchronous throw into a rejection.
      const started = (async () => check.check(signal))();
      attempt = started;
      const clear = (): void => {
        if (attempt === started) attempt = undefined;
      };
      started.then(clear, clear);
      return started;
    });
    switch (end.kind) {
      case 'done':
        return { result: 'ok' };
      case 'failed':
        return { result: 'failed', error: end.error };
      case 'timeout':
        return { result: 'timeout' };
      default:
        return end satisfies never;
    }
  }

  function report(outcome: { readonly result: CheckResult; readonly error?: unknown }): void {
    const fields = {
      check: check.name,
      result: outcome.result,
      // Without the stack: an unavailable dependency is not a defect of this program.
      ...(outcome.error === undefined ? {} : { reason: messageOf(outcome.error) }),
    };
    const first = excused;
    excused = outcome.result !== 'ok' && !hasPassed && starting();
    if (outcome.result === 'ok') logger?.info(fields, first ? 'health check passes' : 'health check passes again');
    else if (excused) logger?.info(fields, 'waiting for a health check to pass');
    else logger?.warn(fields, 'health check fails');
  }

  function refresh(): Promise<CheckResult> {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    name: check.name,
    critical: check.critical ?? true,
    get latest() {
      return last?.result;
    },
    result() {
      if (last !== undefined && clock.monotonicMs() - last.atMs < cacheMs) return Promise.resolve(last.result);
      return refresh();
    },
    refresh,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
