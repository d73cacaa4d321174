import type { Clock, Timer } from '@flotilla/contracts';

/**
 * A clock that reads the time once per turn: whoever is called by a socket or a timer calls `refresh` first, and all
 * that happens because of it happens at that time. A request asks for the time a dozen times; asking the system each
 * time would be a noticeable part of its cost.
 */
export class TurnClock implements Clock {
  readonly #clock: Clock;
  #nowMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#nowMs = clock.monotonicMs();
  }

  /** A turn begins. */
  refresh(): void {
    this.#nowMs = this.#clock.monotonicMs();
  }

  now(): number {
    return this.#clock.now();
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.#clock.after(delayMs, () => {
      this.refresh();
      run();
    });
  }
}
