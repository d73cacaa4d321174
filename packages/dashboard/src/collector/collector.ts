import { AppError, type Clock } from '@flotilla/contracts';
import type { Added, Batch } from '../store/index.ts';
import type { Taken } from './answers.ts';
import type { Reading } from './reading.ts';

/** What may wait to be written, in bytes as sent. More than that, and senders are asked to come again. */
const maxWaitingBytes = 64 * 1_048_576;
const retryAfterMs = 1_000;
/** How long a rejection is shown. */
const showMs = 60_000;

/** Takes what readers have read, and keeps it. */
export class Collector {
  readonly #add: (batches: readonly Batch[]) => Promise<Added>;
  readonly #clock: Clock;
  #waitingBytes = 0;
  #trouble: { readonly message: string; readonly sinceMs: number; readonly lastMs: number } | undefined;

  constructor(add: (batches: readonly Batch[]) => Promise<Added>, clock: Clock) {
    this.#add = add;
    this.#clock = clock;
  }

  /** Why something was rejected in the last minute, and since when that happens; undefined: nothing was. */
  get trouble(): { readonly message: string; readonly sinceMs: number } | undefined {
    const trouble = this.#trouble;
    return trouble === undefined || this.#clock.now() - trouble.lastMs > showMs ? undefined : trouble;
  }

  /**
   * Resolves once it is kept.
   *
   * @param bytes how many were sent
   * @throws {AppError} OVERLOADED, STORAGE_UNAVAILABLE: send it again later
   */
  async take(reading: Reading, bytes: number): Promise<Taken> {
    if (this.#waitingBytes + bytes > maxWaitingBytes) {
      this.#note('Programs send more telemetry than the dashboard can keep up with; they are asked to send it again');
      throw new AppError('OVERLOADED', { retryAfterMs });
    }
    this.#waitingBytes += bytes;
    try {
      const added = await this.#add(reading.batches);
      const rejected = reading.rejected + added.rejected.spans + added.rejected.logs + added.rejected.points;
      if (rejected === 0) return { rejected };
      const reason = reading.reason ?? added.reason ?? 'Some of it cannot be kept';
      this.#note(reason);
      return { rejected, reason };
    } finally {
      this.#waitingBytes -= bytes;
    }
  }

  #note(message: string): void {
    const nowMs = this.#clock.now();
    this.#trouble = { message, sinceMs: this.trouble?.sinceMs ?? nowMs, lastMs: nowMs };
  }
}
