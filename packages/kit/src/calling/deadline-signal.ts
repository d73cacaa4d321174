import type { Clock } from '@flotilla/contracts';

/** A point in time by which everything has to be done. */
export interface Deadline {
  /** Aborted, with a TimeoutError, when the time is up. */
  readonly signal: AbortSignal;
  /** Milliseconds left; 0 or less when the time is up. */
  leftMs(): number;
  /** Forgets the timer. Call it when the work is done. */
  cancel(): void;
}

/** A deadline `afterMs` from now. */
export function deadlineSignal(clock: Clock, afterMs: number): Deadline {
  const endsAt = clock.monotonicMs() + afterMs;
  const controller = new AbortController();
  const timer = clock.after(afterMs, () => {
    controller.abort(new DOMException(`The deadline of ${afterMs} ms has passed`, 'TimeoutError'));
  });
  return {
    signal: controller.signal,
    leftMs: () => endsAt - clock.monotonicMs(),
    cancel: () => timer.cancel(),
  };
}
