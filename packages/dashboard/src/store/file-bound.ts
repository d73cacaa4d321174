import type { DatabaseSync } from 'node:sqlite';
import { storageFailure } from './storage-failure.ts';

/** What one turn gives back: a MiB or two, so that it takes milliseconds. */
const pagesAtOnce = 512;
/** What `PRAGMA auto_vacuum` says of a file that can give room back in parts. */
const incremental = 2;

/**
 * Keeps the file as small as it may be. SQLite uses room again but gives none back by itself, so a file stays as large as it once was
 * when its bound is lowered.
 */
export class FileBound {
  readonly #database: DatabaseSync;
  readonly #mostPages: number;
  /** False once it has failed: not again every minute, as writers wait for it. */
  #canWriteAnew = true;

  /** From now on, the file grows no further than the bound, or than it is now. */
  constructor(database: DatabaseSync, maxBytes: number) {
    this.#database = database;
    this.#mostPages = Math.ceil(maxBytes / this.#number('page_size'));
    this.#stopGrowth();
  }

  /**
   * Prepares a file without tables to give room back in parts. Costs nothing then; later the whole file would have to be written
   * again.
   */
  static prepare(database: DatabaseSync): void {
    database.exec(`PRAGMA auto_vacuum = ${incremental}; VACUUM`);
  }

  /** Gives a part of what is too much back to the disk, outside a transaction. True: there is more, call it again. */
  shrink(): boolean {
    const pages = this.#number('page_count');
    const tooMany = pages - this.#mostPages;
    if (tooMany <= 0) return false;
    if (this.#number('auto_vacuum') === incremental)
      this.#database.exec(`PRAGMA incremental_vacuum(${Math.min(tooMany, pagesAtOnce)})`);
    else if (this.#canWriteAnew) this.#writeAnew();
    this.#stopGrowth();
    const left = this.#number('page_count');
    if (left > this.#mostPages && left < pages) return true;
    // The file itself gets smaller with the next checkpoint, which somebody who reads may put off until there is more to write.
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    return false;
  }

  /** For files that were begun before they could shrink. Once in their life, and only after most of what was in them has gone. */
  #writeAnew(): void {
    this.#database.exec('PRAGMA temp_store = DEFAULT');
    try {
      FileBound.prepare(this.#database);
    } catch (error) {
      // No room for a second copy, in the folder for temporary files or beside this one: it stays as large as it is.
      const failure = storageFailure(error);
      if (failure !== 'full' && failure !== 'unwritable') throw error;
      this.#canWriteAnew = false;
    } finally {
      this.#database.exec('PRAGMA temp_store = MEMORY');
    }
  }

  /** SQLite takes no number below the size that the file has. */
  #stopGrowth(): void {
    this.#database.exec(`PRAGMA max_page_count = ${this.#mostPages}`);
  }

  #number(pragma: 'page_count' | 'page_size' | 'auto_vacuum'): number {
    return Number(this.#database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
  }
}
