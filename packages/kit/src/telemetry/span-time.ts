import type { Clock } from '@flotilla/contracts';

/**
 * Places what was measured on the monotonic clock on the wall clock. That counts whole milliseconds, so a difference taken for
 * each span would place spans up to one off, and children before their parents.
 */
export class SpanTime {
  readonly #clock: Clock;
  /** Wall clock minus monotonic clock. */
  #offsetMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds since the epoch, with fractions. */
  epochMs(monotonicMs: number): number {
    return monotonicMs + this.#follow();
  }

  /** The offset, moved no further than the wall clock demands: it is within a millisecond, until somebody sets the clock. */
  #follow(): number {
    const atLeastMs = this.#clock.now() - this.#clock.monotonicMs();
    const kept = this.#offsetMs ?? atLeastMs;
    this.#offsetMs = Math.min(Math.max(kept, atLeastMs), atLeastMs + 1);
    return this.#offsetMs;
  }
}
