import type { DatabaseSync } from 'node:sqlite';
import { type Clock, systemClock } from '@flotilla/contracts';
import { DatabaseFile } from './database-file.ts';
import { describeSqliteError } from './sqlite-errors.ts';
import { whenUnlocked } from './when-unlocked.ts';

/** How a {@link DatabaseCheck} works. */
export interface DatabaseCheckOptions {
  /** Default the system's. */
  readonly clock?: Clock;
  /**
   * How long a write that succeeded stands for the next ones, in milliseconds. Default 5000: a check that is asked every
   * second then costs one flush to the disk in five seconds.
   */
  readonly trustMs?: number;
  /**
   * Runs the check when nobody is in a transaction on the connection: the check has one of its own, and would end theirs.
   * Default: at once, for whoever leaves none open over a turn of the event loop.
   */
  readonly whenFree?: (check: () => void) => Promise<void>;
}

/** How long the check waits for a lock: a health check has a second for all. */
const lockLimitMs = 800;

/**
 * Whether a database does its work: it can be read, a write reaches the disk, and the file is the one that the next
 * start will find. Reading alone says little: a full disk, or one that has become read-only, still reads.
 */
export class DatabaseCheck {
  readonly #database: DatabaseSync;
  readonly #file: DatabaseFile;
  readonly #clock: Clock;
  readonly #trustMs: number;
  readonly #whenFree: (check: () => void) => Promise<void>;
  #wroteMs = Number.NEGATIVE_INFINITY;
  #failed: { readonly atMs: number; readonly error: unknown } | undefined;

  constructor(database: DatabaseSync, options: DatabaseCheckOptions = {}) {
    this.#database = database;
    this.#file = new DatabaseFile(database);
    this.#clock = options.clock ?? systemClock;
    this.#trustMs = options.trustMs ?? 5_000;
    this.#whenFree = options.whenFree ?? (async (check) => check());
  }

  /** What has happened to the database's file, if anything has; see {@link DatabaseFile.loss}. */
  get loss(): string | undefined {
    return this.#file.loss();
  }

  /** Somebody's write has succeeded: that saves the check one of its own. */
  wrote(): void {
    this.#wroteMs = this.#clock.monotonicMs();
    this.#failed = undefined;
  }

  /**
   * Somebody's write has failed, because of the storage. That counts for as long as a success does, though the check's own
   * small write may succeed: on a disk that is almost full there is room for one page, and for no more.
   */
  failed(error: unknown): void {
    this.#wroteMs = Number.NEGATIVE_INFINITY;
    this.#failed = { atMs: this.#clock.monotonicMs(), error };
  }

  /**
   * Rejects with a message for the log when the database does not do its work, or another process has kept its write
   * lock for longer than most of a second.
   */
  run(): Promise<void> {
    return whenUnlocked(() => this.#whenFree(() => this.#runOnce()), { clock: this.#clock, limitMs: lockLimitMs });
  }

  #runOnce(): void {
    const lost = this.#file.loss();
    if (lost !== undefined) throw new Error(lost);
    try {
      const version = Number(this.#database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
      const nowMs = this.#clock.monotonicMs();
      if (nowMs - this.#wroteMs < this.#trustMs) return;
      if (this.#failed !== undefined && nowMs - this.#failed.atMs < this.#trustMs) throw this.#failed.error;
      // The version is not ours to use and stays the same, but SQLite writes the page it is on.
      this.#database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${version}; COMMIT`);
      this.wrote();
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw new Error(`The database can't be written to (${describeSqliteError(error)})`, { cause: error });
    }
  }
}
