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
   * How long a successful write counts for later checks, in milliseconds. Default 5000: a check every second then costs one
   * flush to the disk in five seconds.
   */
  readonly trustMs?: number;
  /**
   * Runs the check while no transaction is open on the connection: the check has its own, and would end theirs. Default: at
   * once, for a connection on which no transaction stays open across a turn of the event loop.
   */
  readonly whenFree?: (check: () => void) => Promise<void>;
}

/** How long the check waits for a lock: a health check has a second in total. */
const lockLimitMs = 800;

/**
 * Checks whether a database works: it can be read, a write reaches the disk, and the file is the one that the next start will
 * find. Reading alone says little: a full or read-only disk can still be read.
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

  /** What happened to the database's file, if anything; see {@link DatabaseFile.loss}. */
  get loss(): string | undefined {
    return this.#file.loss();
  }

  /** Reports a successful write, which saves the check one of its own. */
  wrote(): void {
    this.#wroteMs = this.#clock.monotonicMs();
    this.#failed = undefined;
  }

  /**
   * Reports a write that failed because of the storage. It counts for as long as a success does, even though the check's own
   * small write might succeed: an almost full disk has room for one page, but no more.
   */
  failed(error: unknown): void {
    this.#wroteMs = Number.NEGATIVE_INFINITY;
    this.#failed = { atMs: this.#clock.monotonicMs(), error };
  }

  /**
   * Rejects with a message for the log if the database does not work, or if another process has held its write lock for most
   * of a second.
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
      // We do not use the version and leave it unchanged, but SQLite writes its page.
      this.#database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${version}; COMMIT`);
      this.wrote();
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw new Error(`Cannot write to the database (${describeSqliteError(error)})`, { cause: error });
    }
  }
}
