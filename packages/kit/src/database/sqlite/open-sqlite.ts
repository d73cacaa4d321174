import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseSetupError } from '../database-setup-error.ts';
import { describeSqliteError, isBusy, mapSqliteError } from './sqlite-errors.ts';

/** Which database to open, and how. */
export interface OpenSqliteOptions {
  /**
   * The file, relative to the working directory unless absolute; missing folders are created. `:memory:` is a database
   * that lasts as long as the process. `databaseLocation` of `@flotilla/kit/config` reads it from a `DATABASE_URL`.
   */
  readonly file: string;
  /**
   * How long a statement waits for another process's write lock. Default 1000 ms, for statements at start: while it waits,
   * this process answers nobody. Once the program serves, `whenUnlocked` waits; see `SqliteDriver`.
   */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens a SQLite database that several processes may share:
 * - write-ahead log, so readers and the writer don't wait for each other;
 * - every commit reaches the disk (`synchronous=FULL`), so acknowledged writes survive a power cut, not only a crash;
 * - foreign keys are enforced.
 *
 * @throws {DatabaseSetupError} when it cannot be opened, with the file and the reason
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps it locked; try again
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
      `Cannot open the database ${path} (${describeSqliteError(error)}): check that the folder is writable and the file is a SQLite database, or name another with DATABASE_URL`,
      { cause: error },
    );
  }
}

/**
 * Creates `folder` and its missing parents, one by one: in a system folder that cannot have others, such as `/proc`, Node's
 * recursive `mkdir` tries forever.
 */
function createFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) createFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process of the fleet may have created it.
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Lets only the owner read the data. SQLite gives the database's side files the same permissions. A file that everybody may
 * read has the usual defaults, and is closed; one that only a group may read was meant to be.
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
      // It belongs to another user, who decides.
    }
  }
}

/**
 * The mode is stored in the file, so only the first process ever changes it. The change ignores the busy timeout, so we take
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
