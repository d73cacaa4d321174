import type { Outcome } from '../attempt/outcome.ts';
import type { HealthSettings } from '../config/health-settings.ts';

/**
 * What the end of an attempt says about the instance:
 * - `answered`: it works, whatever the status.
 * - `faulty`: it may not; one such end may also be the request's own fault.
 * - `unreachable`: nobody is there.
 * - `none`: nothing.
 */
export type Evidence = 'answered' | 'faulty' | 'unreachable' | 'none';

/** Reads an outcome as evidence about the instance. */
export function evidenceOf(outcome: Outcome): Evidence {
  switch (outcome.kind) {
    case 'response':
      return 'answered';
    case 'refused':
      return 'unreachable';
    case 'reset':
      // A kept connection that dies before an answer was most likely closed as idle: the next connect tells.
      return outcome.reused && !outcome.responseStarted ? 'none' : 'faulty';
    case 'invalid':
      return 'faulty';
    case 'timeout':
      return evidenceOfTimeout(outcome.phase);
    // Our own side's doing.
    case 'exhausted':
    case 'limited':
    case 'cancelled':
      return 'none';
    default:
      return outcome satisfies never;
  }
}

function evidenceOfTimeout(phase: Extract<Outcome, { kind: 'timeout' }>['phase']): Evidence {
  switch (phase) {
    case 'connect':
      return 'unreachable';
    case 'first-byte':
    case 'progress':
      return 'faulty';
    case 'set-aside':
      // A probe has told already.
      return 'none';
    case 'total':
      // The route's whole deadline can run out on a slow client or a large body.
      return 'none';
    default:
      return phase satisfies never;
  }
}

/** How a probe ended. `unknown`: our own side could not ask, which says nothing about the instance. */
export type ProbeResult = 'passed' | 'failed' | 'unknown';

/** Why an instance was set aside. */
export type SetAsideReason = 'unreachable' | 'failures-in-a-row' | 'probe-failed';

/** What is to be done after an event. */
export type HealthOrder =
  | { readonly kind: 'nothing' }
  /** Ask it, so long from now. */
  | { readonly kind: 'probe'; readonly inMs: number }
  /** It gets no more requests; ask it, so long from now (undefined: it is being asked). */
  | { readonly kind: 'set-aside'; readonly reason: SetAsideReason; readonly probeInMs: number | undefined }
  /** It gets requests again. */
  | { readonly kind: 'return' };

const nothing: HealthOrder = { kind: 'nothing' };
const probeNow: HealthOrder = { kind: 'probe', inMs: 0 };
const back: HealthOrder = { kind: 'return' };

/**
 * Whether an instance is well, as far as its answers tell: in, or set aside until a probe passes. Knows no clock and no
 * socket: it is told what happened and says what is to be done. It wants at most one probe at a time, and always one
 * while the instance is set aside.
 */
export class InstanceHealth {
  readonly #settings: HealthSettings;
  #available = true;
  #failuresInARow = 0;
  /** Probes that failed since a client's request was answered: how patient the next one has to be. */
  #patience = 0;
  /** When it gave the last sign of life; what began before it says nothing any more. Monotonic. */
  #lastSignMs = Number.NEGATIVE_INFINITY;
  #probing = false;
  #probeBeganMs = 0;

  constructor(settings: HealthSettings) {
    this.#settings = settings;
  }

  /** Whether it gets requests. */
  get available(): boolean {
    return this.#available;
  }

  /** Attempts and probes that failed since it last gave a sign of life. */
  get failuresInARow(): number {
    return this.#failuresInARow;
  }

  /** An attempt that began at `startedAtMs` has ended. */
  attemptEnded(evidence: Evidence, startedAtMs: number, nowMs: number): HealthOrder {
    if (evidence === 'none') return nothing;
    if (evidence === 'answered') {
      this.#patience = 0;
      return this.#giveSign(nowMs);
    }
    // It was told to an instance that has since shown that it lives.
    if (startedAtMs < this.#lastSignMs && evidence === 'faulty') return nothing;
    this.#failuresInARow += 1;
    if (!this.#available) return nothing;
    if (evidence === 'unreachable') return this.#setAside('unreachable');
    if (this.#failuresInARow >= this.#settings.failuresInARow) return this.#setAside('failures-in-a-row');
    // Was it the request or the instance? A probe tells before the next client finds out.
    return this.#probeAtOnce(nowMs);
  }

  /** An attempt that began at `startedAtMs` still waits for its first byte. */
  silent(startedAtMs: number, nowMs: number): HealthOrder {
    const silentMs = nowMs - Math.max(startedAtMs, this.#lastSignMs);
    return this.#available && silentMs >= this.#settings.silenceMs ? this.#probeAtOnce(nowMs) : nothing;
  }

  /** Discovery has news of it: if it was set aside it is worth asking at once. */
  announced(nowMs: number): HealthOrder {
    this.#patience = 0;
    return this.#available ? nothing : this.#probeAtOnce(nowMs);
  }

  /** The probe that was due begins. */
  probeBegan(nowMs: number): void {
    this.#probing = true;
    this.#probeBeganMs = nowMs;
  }

  probeEnded(result: ProbeResult, nowMs: number): HealthOrder {
    this.#probing = false;
    if (result === 'passed') return this.#giveSign(nowMs);
    if (this.#available) {
      const answeredMeanwhile = this.#lastSignMs >= this.#probeBeganMs;
      if (result === 'unknown' || answeredMeanwhile) return nothing;
      this.#failuresInARow += 1;
      return this.#setAside('probe-failed');
    }
    if (result === 'failed') this.#failuresInARow += 1;
    return { kind: 'probe', inMs: this.#nextWaitMs() };
  }

  #giveSign(nowMs: number): HealthOrder {
    this.#lastSignMs = nowMs;
    this.#failuresInARow = 0;
    if (this.#available) return nothing;
    this.#available = true;
    return back;
  }

  #setAside(reason: SetAsideReason): HealthOrder {
    this.#available = false;
    return { kind: 'set-aside', reason, probeInMs: this.#probing ? undefined : this.#nextWaitMs() };
  }

  #probeAtOnce(nowMs: number): HealthOrder {
    if (this.#probing) return nothing;
    this.probeBegan(nowMs);
    return probeNow;
  }

  /** Longer each time, also when it only comes back to fail again: until a client's request has been answered. */
  #nextWaitMs(): number {
    const { firstProbeMs, longestProbeMs } = this.#settings;
    const waitMs = Math.min(longestProbeMs, firstProbeMs * 2 ** Math.min(30, this.#patience));
    this.#patience += 1;
    return waitMs;
  }
}
