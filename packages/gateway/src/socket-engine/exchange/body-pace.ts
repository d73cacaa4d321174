import { AppError, type Clock } from '@flotilla/contracts';
import type { EngineParts } from './engine-parts.ts';

/** What a pace needs of them. */
type PaceParts = Pick<EngineParts, 'bodyGraceMs' | 'bodyProgressMs'> & { readonly clock: Clock };

/**
 * How much longer a body may keep its exchange waiting. Each byte buys the time that it may take at the least rate, but
 * never more than the longest silence: a sender can't save up for a long one.
 */
export class BodyPace {
  readonly #bytesPerSecond: number;
  readonly #graceMs: number;
  readonly #silenceMs: number;
  #dueMs: number;

  /** @param bytesPerSecond the least rate; 0 = none */
  constructor({ clock, bodyGraceMs, bodyProgressMs }: PaceParts, bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#silenceMs = bodyProgressMs;
    this.#graceMs = bytesPerSecond === 0 ? bodyProgressMs : Math.min(bodyGraceMs, bodyProgressMs);
    this.#dueMs = clock.monotonicMs() + this.#graceMs;
  }

  received(bytes: number, nowMs: number): void {
    const boughtMs = this.#bytesPerSecond === 0 ? this.#silenceMs : (bytes * 1_000) / this.#bytesPerSecond;
    this.#dueMs = Math.min(nowMs + this.#silenceMs, this.#dueMs + boughtMs);
  }

  /** The sender is waited for again: until now it was held up itself. */
  resume(nowMs: number): void {
    this.#dueMs = Math.max(this.#dueMs, nowMs + this.#graceMs);
  }

  leftMs(nowMs: number): number {
    return Math.max(0, this.#dueMs - nowMs);
  }

  /** What the sender is told when no time is left. */
  get error(): AppError {
    const detail =
      this.#bytesPerSecond === 0
        ? `The body stopped arriving: no data for ${this.#silenceMs} ms.`
        : `The body arrived too slowly: the gateway expects at least ${this.#bytesPerSecond} bytes per second ("bodyBytesPerSecond"), without a pause of ${this.#silenceMs} ms.`;
    return new AppError('REQUEST_TIMEOUT', { detail });
  }
}
