import type { Clock } from '../clock.ts';
import { ForeseenError } from '../foreseen-error.ts';

/** The reason of a deadline's signal when the time was up. */
export class DeadlineExceeded extends ForeseenError {
  override readonly name = 'DeadlineExceeded';
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`not finished within ${Math.round(limitMs)} ms`);
    this.limitMs = limitMs;
  }
}

/** How long something may take. */
export interface DeadlineOptions {
  readonly clock: Clock;
  readonly afterMs: number;
  /** Ends it early, with its own reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A point in time by which something has to be done. Whoever starts one cancels it when the work is done, however it
 * ended.
 */
export interface Deadline {
  /** Aborts with a {@link DeadlineExceeded} when the time is up, or with the reason of the signal that ends it early. */
  readonly signal: AbortSignal;
  /** Whether the time was up before it was cancelled or ended early. */
  readonly exceeded: boolean;
  /** Milliseconds left; 0 or less when the time is up. */
  leftMs(): number;
  /** Stops the timer; the signal that ends it early still works. For a stream that has begun in time. */
  stopTimer(): void;
  /** Forgets the timer and the signal that would end it early. */
  cancel(): void;
}

/** A deadline `afterMs` from now. */
export function startDeadline({ clock, afterMs, signal }: DeadlineOptions): Deadline {
  const endsAtMs = clock.monotonicMs() + afterMs;
  // Not AbortSignal.any: it keeps something for every use until the longest-lived of its signals is gone.
  const either = new AbortController();
  const endEarly = (): void => either.abort(signal?.reason);
  if (signal?.aborted === true) endEarly();
  signal?.addEventListener('abort', endEarly);
  const timer = clock.after(afterMs, () => either.abort(new DeadlineExceeded(afterMs)));
  return {
    signal: either.signal,
    get exceeded() {
      return either.signal.reason instanceof DeadlineExceeded && signal?.aborted !== true;
    },
    leftMs: () => endsAtMs - clock.monotonicMs(),
    stopTimer: () => timer.cancel(),
    cancel() {
      timer.cancel();
      signal?.removeEventListener('abort', endEarly);
    },
  };
}
