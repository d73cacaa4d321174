import type { Clock, Timer } from '@flotilla/contracts';

/**
 * How soon to look again when an event was written here: it is about to be committed. Then at longer and longer intervals, until
 * they are as long as for events of other instances.
 */
const soonMs = 20;
/** How often to look for events that other instances have written, while somebody waits. */
const pollMs = 250;

/**
 * Tells when it is time to look for new events. All who wait are told at the same time, so that many cost no more than one; and
 * while nobody waits, nothing happens at all.
 */
export class NewsBell {
  readonly #clock: Clock;
  #delayMs = pollMs;
  #timer: Timer | undefined;
  #next = Promise.withResolvers<void>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An event was written in a transaction of this instance. */
  expectNews(): void {
    if (this.#delayMs === soonMs) return;
    this.#delayMs = soonMs;
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    this.#arm();
  }

  /** Waits until it is time to look, or for `limitMs`. Returns false if nothing is to be waited for any more. */
  async wait(limitMs: number, signal: AbortSignal | undefined): Promise<boolean> {
    if (this.#closed || signal?.aborted === true) return false;
    if (this.#timer === undefined) this.#arm();
    const ended = Promise.withResolvers<void>();
    const limit = this.#clock.after(limitMs, ended.resolve);
    const end = (): void => ended.resolve();
    signal?.addEventListener('abort', end);
    await Promise.race([this.#next.promise, ended.promise]);
    signal?.removeEventListener('abort', end);
    limit.cancel();
    // A signal may have been aborted meanwhile, which the compiler does not expect.
    return !this.#closed && !(signal?.aborted ?? false);
  }

  close(): void {
    this.#closed = true;
    this.#ring();
  }

  #arm(): void {
    this.#timer = this.#clock.after(this.#delayMs, () => {
      this.#delayMs = Math.min(this.#delayMs * 2, pollMs);
      this.#ring();
    });
  }

  #ring(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { resolve } = this.#next;
    this.#next = Promise.withResolvers();
    resolve();
  }
}
