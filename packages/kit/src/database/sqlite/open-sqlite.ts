import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseSetupError } from '../database-setup-error.ts';
import { describeSqliteError, isBusy, mapSqliteError } from './sqlite-errors.ts';

/** Which database to open, and how. */
export interface OpenSqliteOptions {
  /**
   * The file, relative to the working directory unless absolute; missing folders are created. `:memory:` is a database
   * that dies with the process. `databaseLocation` of `@flotilla/kit/config` reads it out of a `DATABASE_URL`.
   */
  readonly file: string;
  /**
   * How long a statement waits for another process's write lock. Default 1000 ms, for what is done while the program
   * starts: while it waits this process answers nobody. Once it serves, `whenUnlocked` waits; see `SqliteDriver`.
   */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens a SQLite database for one process of possibly several that share it:
 * - write-ahead log, so readers and the writer don't wait for each other;
 * - every commit reaches the disk (`synchronous=FULL`), so what was acknowledged survives a power cut, not only a crash;
 * - foreign keys are enforced.
 *
 * @throws {DatabaseSetupError} when it can't be opened, naming the file and the reason
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps it locked: worth another try
 */
export function openSqlite(options: OpenSqliteOptions): DatabaseSync {
  const path = options.file === ':memory:' ? options.file : resolve(options.file);
  const busyTimeoutMs = options.busyTimeoutMs ?? 1_000;
  let database: DatabaseSync | undefined;
  try {
    if (path !== ':memory:') {
      createFolder(dirname(path));
      keepPrivate(path);
    }
    database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    useWriteAheadLog(database);
    database.exec('PRAGMA synchronous = FULL');
    return database;
  } catch (error) {
    database?.close();
    if (isBusy(error)) throw mapSqliteError(error);
    throw new DatabaseSetupError(
      `The database ${path} can't be opened (${describeSqliteError(error)}): check that the folder is writable and that the file is a SQLite database, or name another with DATABASE_URL`,
      { cause: error },
    );
  }
}

/**
 * Creates `folder` and what is missing above it, one after the other: where a system's own folder can't have others, as
 * in `/proc`, Node's recursive way tries for ever.
 */
function createFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) createFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process of the fleet may have been faster.
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Lets nobody but the owner read the data. SQLite gives the files beside the database the permissions of the database. One
 * that everybody may read was made so by the usual defaults and is closed; one that a group may read was meant to be.
 */
function keepPrivate(path: string): void {
  if (!existsSync(path)) {
    closeSync(openSync(path, 'a', 0o600));
    return;
  }
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    if (!existsSync(file) || (statSync(file).mode & 0o007) === 0) continue;
    try {
      chmodSync(file, 0o600);
    } catch {
      // It belongs to somebody else, who decides.
    }
  }
}

/**
 * The mode is kept in the file, so only the first process ever changes it. Changing it ignores the busy timeout, hence
 * the write lock first: a process that finds it taken waits, and then finds the mode changed.
 */
function useWriteAheadLog(database: DatabaseSync): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (attempt === 20) throw error;
      database.exec('BEGIN IMMEDIATE; ROLLBACK');
    }
  }
}
