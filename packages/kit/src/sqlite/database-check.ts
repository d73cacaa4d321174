import type { DatabaseSync } from 'node:sqlite';
import { type Clock, systemClock } from '@flotilla/contracts';
import { DatabaseFile } from './database-file.ts';
import { describeSqliteError, isBusy, mapSqliteError } from './sqlite-errors.ts';

/** How a {@link DatabaseCheck} works. */
export interface DatabaseCheckOptions {
  /** Default the system's. */
  readonly clock?: Clock;
  /**
   * How long a write that succeeded stands for the next ones, in milliseconds. Default 5000: a check that is asked every
   * second then costs one flush to the disk in five seconds.
   */
  readonly trustMs?: number;
}

/**
 * Whether a database does its work: it can be read, a write reaches the disk, and the file is the one that the next
 * start will find. Reading alone says little: a full disk, or one that has become read-only, still reads.
 */
export class DatabaseCheck {
  readonly #database: DatabaseSync;
  readonly #file: DatabaseFile;
  readonly #clock: Clock;
  readonly #trustMs: number;
  #wroteMs = Number.NEGATIVE_INFINITY;

  constructor(database: DatabaseSync, options: DatabaseCheckOptions = {}) {
    this.#database = database;
    this.#file = new DatabaseFile(database);
    this.#clock = options.clock ?? systemClock;
    this.#trustMs = options.trustMs ?? 5_000;
  }

  /** What has happened to the database's file, if anything has; see {@link DatabaseFile.loss}. */
  get loss(): string | undefined {
    return this.#file.loss();
  }

  /** Somebody has written, with success or not: saves a write of the check's own, or calls for one. */
  wrote(succeeded: boolean): void {
    this.#wroteMs = succeeded ? this.#clock.monotonicMs() : Number.NEGATIVE_INFINITY;
  }

  /**
   * @throws {AppError} STORAGE_UNAVAILABLE when another process holds the write lock: worth another try
   * @throws {Error} with a message for the log when the database does not do its work
   */
  run(): void {
    const lost = this.#file.loss();
    if (lost !== undefined) throw new Error(lost);
    try {
      const version = Number(this.#database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
      if (this.#clock.monotonicMs() - this.#wroteMs < this.#trustMs) return;
      // The version is not ours to use and stays the same, but SQLite writes the page it is on.
      this.#database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${version}; COMMIT`);
      this.wrote(true);
    } catch (error) {
      this.wrote(false);
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      if (isBusy(error)) throw mapSqliteError(error);
      throw new Error(`The database can't be written to (${describeSqliteError(error)})`, { cause: error });
    }
  }
}
