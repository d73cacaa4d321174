import type { InstanceStatus } from '@flotilla/contracts';

/** From the best to the worst. */
const severities: Readonly<Record<InstanceStatus, number>> = { passing: 0, warning: 1, critical: 2, maintenance: 3 };

export function severityOf(status: InstanceStatus): number {
  return severities[status];
}

/** Within this time a check is shown to get worse and better once. */
const calmMs = 60_000;
/** How long a check has to be good without a break before it recovers within a minute. */
const proofMs = 5_000;
/** More changes than this within a minute by somebody's word are damped. */
const maxWordChanges = 5;

/** When something is shown, and by what right. */
export interface Showing {
  readonly nowMs: number;
  /** Somebody says so, and was not asked. */
  readonly isWord: boolean;
}

/** What is shown. */
export interface Shown {
  readonly status: InstanceStatus;
  /** Why it is not what was wanted; undefined if it is. */
  readonly note: string | undefined;
  /** When it may be. */
  readonly againMs: number | undefined;
}

/**
 * Keeps a check that alternates from being shown as each of its moments. Getting worse is shown at once. Getting better
 * is shown at once if it was bad for a minute; sooner only if it has been good for 5 s without a break, and did not
 * recover in the minute before it went bad. So what alternates every second changes at most twice in any minute, and one
 * short failure costs little. Somebody's word is shown at once, until it changes more than five times within a minute.
 */
export class FlapDamper {
  #status: InstanceStatus;
  /** Nobody has found out anything yet. */
  #isAssumed: boolean;
  /** When it was shown to get worse last. */
  #worseMs: number;
  /** When it was shown to get better last. */
  #betterMs = Number.NEGATIVE_INFINITY;
  /** When it was shown to change, the last few times. */
  #changesMs: readonly number[] = [];
  #heard: InstanceStatus;
  /** When what was heard was last another thing than before. */
  #heardOtherMs = Number.NEGATIVE_INFINITY;
  /** Since when everything that was heard is better than what is shown. */
  #goodSinceMs: number | undefined;
  /** Whether somebody's word has changed too often, and has not rested since. */
  #isRestless = false;

  constructor(status: InstanceStatus, sinceMs: number | undefined) {
    this.#status = status;
    this.#heard = status;
    this.#isAssumed = sinceMs === undefined;
    this.#worseMs = sinceMs ?? Number.NEGATIVE_INFINITY;
  }

  get status(): InstanceStatus {
    return this.#status;
  }

  /** Shows another status, without that this is a change of its own. */
  align(status: InstanceStatus): void {
    this.#status = status;
  }

  /** Takes note of what was found out, whether or not it is shown. */
  heard(found: InstanceStatus, nowMs: number): void {
    if (nowMs - this.#heardOtherMs >= calmMs) this.#isRestless = false;
    if (found !== this.#heard) this.#heardOtherMs = nowMs;
    this.#heard = found;
    if (severityOf(found) >= severityOf(this.#status)) this.#goodSinceMs = undefined;
    else this.#goodSinceMs ??= nowMs;
  }

  /** Shows `wanted`, or says why not yet. */
  show(wanted: InstanceStatus, showing: Showing): Shown {
    const { nowMs } = showing;
    if (wanted === this.#status) {
      this.#isAssumed = false;
      return { status: wanted, note: undefined, againMs: undefined };
    }
    const isBetter = severityOf(wanted) < severityOf(this.#status);
    const againMs = isBetter ? this.#notBefore(showing) : nowMs;
    if (againMs > nowMs) return { status: this.#status, note: noteOf(wanted, againMs - nowMs), againMs };
    // That it is not what was assumed is no change.
    if (!this.#isAssumed) this.#noteChange(isBetter, nowMs);
    this.#isAssumed = false;
    this.#status = wanted;
    this.#goodSinceMs = undefined;
    return { status: wanted, note: undefined, againMs: undefined };
  }

  #notBefore({ nowMs, isWord }: Showing): number {
    const calm = this.#worseMs + calmMs;
    if (isWord) {
      if (this.#changesMs.filter((at) => nowMs - at < calmMs).length >= maxWordChanges) this.#isRestless = true;
      return this.#isRestless ? calm : nowMs;
    }
    const hasRecovered = this.#worseMs - this.#betterMs < calmMs;
    return hasRecovered ? calm : Math.min(calm, (this.#goodSinceMs ?? nowMs) + proofMs);
  }

  #noteChange(isBetter: boolean, nowMs: number): void {
    this.#changesMs = [...this.#changesMs, nowMs].slice(-maxWordChanges);
    if (isBetter) this.#betterMs = nowMs;
    else this.#worseMs = nowMs;
  }
}

function noteOf(wanted: InstanceStatus, leftMs: number): string {
  return `${wanted} in ${Math.ceil(leftMs / 1_000)} s at the earliest, if it stays so: it has changed within the last minute`;
}
