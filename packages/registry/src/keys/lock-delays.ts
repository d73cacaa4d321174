import type { Clock } from '@flotilla/contracts';

/** Beyond so many, those that are over are looked for. */
const sweepAfter = 1_024;

/**
 * Until when nobody may lock a key: for a while after a session that held it has ended, as its holder may not know yet. Kept
 * in memory alone, as the time runs on the monotonic clock: after a restart nobody has to wait.
 */
export class LockDelays {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #until = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  begin(key: string, delayMs: number): void {
    if (delayMs <= 0) return;
    const nowMs = this.#clock.monotonicMs();
    this.#until.set(key, nowMs + delayMs);
    if (this.#until.size <= sweepAfter) return;
    for (const [other, untilMs] of this.#until) if (untilMs <= nowMs) this.#until.delete(other);
  }

  /** How long nobody may lock a key yet, in milliseconds; 0 = anybody may. */
  leftMs(key: string): number {
    const untilMs = this.#until.get(key);
    if (untilMs === undefined) return 0;
    const leftMs = untilMs - this.#clock.monotonicMs();
    if (leftMs > 0) return leftMs;
    this.#until.delete(key);
    return 0;
  }

  clear(): void {
    this.#until.clear();
  }
}
