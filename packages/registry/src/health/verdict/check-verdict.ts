import type { InstanceStatus } from '@flotilla/contracts';
import { FlapDamper, severityOf } from './flap-damper.ts';

/** How many results in a row it takes. */
export interface Thresholds {
  /** Failures until it is `warning`. Default: as many as for `critical`, so it never is by failing. */
  readonly failuresBeforeWarning?: number | undefined;
  readonly failuresBeforeCritical: number;
  readonly successesBeforePassing: number;
}

/** What a check is shown as before its first result. */
export interface Beginning {
  readonly status: InstanceStatus;
  /** When that began, on the monotonic clock; undefined: it is only assumed, so the first result that decides counts at once. */
  readonly sinceMs: number | undefined;
}

/** What has been found out or said. */
export interface Finding {
  readonly status: InstanceStatus;
  /** A `probe` counts towards the thresholds. A `report` is somebody's word, and a `lapse` its absence: they decide alone. */
  readonly by: 'probe' | 'report' | 'lapse';
}

/** What a finding comes to. */
export interface Verdict {
  readonly status: InstanceStatus;
  /** Why it is not shown as was found; undefined if it is. A phrase for people. */
  readonly note: string | undefined;
  /** When it may be asked again with `settle`, on the monotonic clock; undefined if only a finding can change it. */
  readonly againMs: number | undefined;
}

/**
 * What a check is shown as, from what is found out: one bad moment is not an outage, one good moment no recovery, and
 * what alternates is not shown as each of its moments. Without clock or timer of its own.
 */
export class CheckVerdict {
  readonly #thresholds: Thresholds;
  readonly #damper: FlapDamper;
  #failures = 0;
  #successes = 0;
  #last: Finding | undefined;

  constructor(thresholds: Thresholds, beginning: Beginning) {
    this.#thresholds = thresholds;
    this.#damper = new FlapDamper(beginning.status, beginning.sinceMs);
  }

  /** What it is shown as. */
  get status(): InstanceStatus {
    return this.#damper.status;
  }

  /** The status was set elsewhere, or a change could not be stored. Does nothing if it is what is shown. */
  align(status: InstanceStatus): void {
    this.#damper.align(status);
  }

  /** Takes note of what was found out at `nowMs`, on the monotonic clock. */
  take(finding: Finding, nowMs: number): Verdict {
    this.#last = finding;
    const isBad = severityOf(finding.status) >= severityOf('critical');
    this.#failures = isBad ? this.#failures + 1 : 0;
    this.#successes = isBad ? 0 : this.#successes + 1;
    this.#damper.heard(finding.status, nowMs);
    return this.#judge(finding, nowMs);
  }

  /** What it is shown as now, if nothing new was found out but time has passed. */
  settle(nowMs: number): Verdict {
    return this.#last === undefined
      ? { status: this.status, note: undefined, againMs: undefined }
      : this.#judge(this.#last, nowMs);
  }

  #judge(finding: Finding, nowMs: number): Verdict {
    const wanted = finding.by === 'probe' ? this.#afterThresholds(finding.status) : finding.status;
    const damped = this.#damper.show(wanted, { nowMs, isWord: finding.by !== 'probe' });
    return damped.note === undefined && wanted !== finding.status
      ? { ...damped, note: this.#thresholdNote(finding.status) }
      : damped;
  }

  #afterThresholds(found: InstanceStatus): InstanceStatus {
    const { failuresBeforeCritical, failuresBeforeWarning = failuresBeforeCritical } = this.#thresholds;
    if (this.#successes > 0) return this.#successes >= this.#thresholds.successesBeforePassing ? found : this.status;
    if (this.#failures >= failuresBeforeCritical) return found;
    const isWarning = this.#failures >= failuresBeforeWarning && severityOf(this.status) < severityOf('warning');
    return isWarning ? 'warning' : this.status;
  }

  #thresholdNote(found: InstanceStatus): string {
    const { failuresBeforeCritical, successesBeforePassing } = this.#thresholds;
    return this.#failures > 0
      ? `failed ${this.#failures} of ${failuresBeforeCritical} times in a row that make it ${found}`
      : `good ${this.#successes} of ${successesBeforePassing} times in a row that make it ${found}`;
  }
}
