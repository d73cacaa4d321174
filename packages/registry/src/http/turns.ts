import type { Clock } from '@flotilla/contracts';

/** Something that has one bounded piece of work to do. */
export interface Worker {
  work(): void;
}

/** How long the work of one turn of the event loop may take, in milliseconds: what a renewal waits for at most. */
const turnMs = 5;

/**
 * Shares the event loop between those who have much to send and everybody else: in each turn some of the waiting work
 * is done, one piece for each worker in the order they came, and then requests are served.
 */
export class Turns {
  readonly #clock: Clock;
  /** In the order of their turns. */
  readonly #waiting = new Set<Worker>();
  #running = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets a worker work once. Harmless if it waits already. */
  add(worker: Worker): void {
    this.#waiting.add(worker);
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => this.#turn());
  }

  /** Forgets a worker whose work nobody wants any more. */
  remove(worker: Worker): void {
    this.#waiting.delete(worker);
  }

  #turn(): void {
    const startedMs = this.#clock.monotonicMs();
    for (const worker of this.#waiting) {
      this.#waiting.delete(worker);
      worker.work();
      if (this.#clock.monotonicMs() - startedMs >= turnMs) break;
    }
    this.#running = this.#waiting.size > 0;
    if (this.#running) setImmediate(() => this.#turn());
  }
}
