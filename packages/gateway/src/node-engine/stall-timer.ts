import type { Clock, Timer } from '@flotilla/contracts';

/** Calls back when nothing has happened for a while. `touch` is cheap: it notes the time and moves no timer. */
export class StallTimer {
  readonly #clock: Clock;
  readonly #onStall: () => void;
  #limitMs = 0;
  #touchedAtMs = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock, onStall: () => void) {
    this.#clock = clock;
    this.#onStall = onStall;
  }

  /** Starts over with another limit. */
  start(limitMs: number): void {
    this.#timer?.cancel();
    this.#limitMs = limitMs;
    this.touch();
    this.#arm(limitMs);
  }

  /** Something happened. */
  touch(): void {
    this.#touchedAtMs = this.#clock.monotonicMs();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(delayMs: number): void {
    this.#timer = this.#clock.after(delayMs, () => {
      const leftMs = this.#touchedAtMs + this.#limitMs - this.#clock.monotonicMs();
      if (leftMs > 0) this.#arm(leftMs);
      else this.#onStall();
    });
  }
}
