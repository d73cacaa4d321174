import type { Clock, Timer } from '@flotilla/contracts';

/** How a {@link ProbeDeadline} works. */
export interface ProbeDeadlineOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** The time is up. */
  readonly onExpired: () => void;
  /** If the timer is later than this the registry itself was away. Default 1000 ms, as for leases. */
  readonly stallAfterMs?: number;
}

/**
 * How long a probe may wait. A target is not blamed for what the registry missed: after a stall it gets as long again as
 * the registry was away, and what has arrived by the deadline counts, though it was not read yet.
 */
export class ProbeDeadline {
  readonly #options: Required<ProbeDeadlineOptions>;
  readonly #startMs: number;
  #timer: Timer;
  #over = false;

  constructor(options: ProbeDeadlineOptions) {
    this.#options = { stallAfterMs: 1_000, ...options };
    this.#startMs = options.clock.monotonicMs();
    this.#timer = this.#wait(options.timeoutMs);
  }

  /** Whether the registry was away since it began, so that a failure says nothing about the target. */
  get wasAway(): boolean {
    const { clock, timeoutMs, stallAfterMs } = this.#options;
    return clock.monotonicMs() - this.#startMs > timeoutMs + stallAfterMs;
  }

  cancel(): void {
    this.#over = true;
    this.#timer.cancel();
  }

  #wait(delayMs: number): Timer {
    const { clock, timeoutMs, stallAfterMs } = this.#options;
    const dueMs = clock.monotonicMs() + delayMs;
    return clock.after(delayMs, () => {
      const lateMs = clock.monotonicMs() - dueMs;
      if (lateMs > stallAfterMs) this.#timer = this.#wait(Math.min(lateMs, timeoutMs));
      // Timers run before sockets are read.
      else setImmediate(() => this.#expire());
    });
  }

  #expire(): void {
    if (!this.#over) this.#options.onExpired();
  }
}
