import type { Clock } from '@flotilla/contracts';
import type { DatabaseFault } from './database-fault.ts';

/** How long a failed write counts: as for SQLite. */
const trustMs = 5_000;

/**
 * Remembers that statements have failed because the server could not write. A server with a full
 * disk answers every question; only those who write learn of it.
 */
export class StorageCheck {
  readonly #clock: Clock;
  #failed: { readonly atMs: number; readonly fault: DatabaseFault } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws what a statement has met in the last five seconds. */
  throwFailure(): void {
    if (this.#failed !== undefined && this.#clock.monotonicMs() - this.#failed.atMs < trustMs) throw this.#failed.fault;
  }

  /** Tells of a statement that failed. */
  note(fault: DatabaseFault): void {
    const storage = fault.verdict.kind === 'unavailable' && fault.verdict.storage === true;
    if (storage) this.#failed = { atMs: this.#clock.monotonicMs(), fault };
  }
}
