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

/** Something with bytes to write. */
export interface Flushable {
  /** Writes what is ready, if it still can. Called once for each time it was added. */
  writeReady(): void;
}

/**
 * Gathers the writes of one turn of the event loop and makes them one after the other at its end. A peer that is woken
 * by the first is then still awake for the others; woken for each alone it costs this process a tenth of its time. A
 * turn is over within microseconds when there is little to do, so nothing waits noticeably.
 */
export class WriteBatch {
  #waiting: Flushable[] = [];
  readonly #flushAll = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; at++) waiting[at]?.writeReady();
  };

  add(flushable: Flushable): void {
    if (this.#waiting.push(flushable) === 1) setImmediate(this.#flushAll);
  }
}
