import { existsSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@flotilla/contracts';
import { DatabaseSetupError, migrateSqlite, openSqlite } from '@flotilla/kit/database/sqlite';
import { FileBound } from './file-bound.ts';
import { migrations } from './migrations.ts';
import { storageFailure } from './storage-failure.ts';

/** Marks the files that are ours: `FLTL` as a number. */
const applicationId = 0x464c_544c;
/** What SQLite keeps of the file in memory. With 8 MiB, a flood takes a fifth longer to write; 32 are no faster than these. */
const cacheKibibytes = 16_384;

/** Which database to open. */
export interface OpenDatabaseOptions {
  readonly file: string;
  readonly clock: Clock;
}

/** What opening took. */
export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** What happened to the file that was there before, for people; undefined: nothing. */
  readonly trouble?: string;
}

/**
 * Opens the dashboard's database. A file that is damaged, or of another version, is moved aside and a new one begun: what is in it
 * only tells of the past, and must not keep anybody from seeing the present. A working database of another program is left alone.
 *
 * @param damage why the file that is there cannot be used, if that is known already
 * @throws {DatabaseSetupError} when nothing can be opened there
 */
export function openDatabase(options: OpenDatabaseOptions, damage?: unknown): OpenedDatabase {
  const { file, clock } = options;
  try {
    if (damage === undefined) return { database: open(options) };
  } catch (error) {
    if (!isUnusable(error) || file === ':memory:') throw inWords(error, file);
    damage = error;
  }
  const aside = existsSync(file) ? moveAside(file, clock, damage) : undefined;
  return {
    database: open(options),
    trouble:
      aside === undefined
        ? `The dashboard's database ${resolve(file)} was gone; a new one was begun`
        : `The dashboard could not use its database ${resolve(file)}; it was moved to ${aside} and a new one begun`,
  };
}

function inWords(error: unknown, file: string): unknown {
  const what = { full: 'the disk is full: make room', locked: 'another process has locked it: stop that' } as const;
  const failure = storageFailure(error);
  if (failure !== 'full' && failure !== 'locked') return error;
  return new DatabaseSetupError(
    `Cannot open the dashboard's database ${resolve(file)}: ${what[failure]}, or name another file`,
    { cause: error },
  );
}

/** A database that was made by another version. */
class ForeignHistory extends Error {}

/** Whether nobody will be able to use the file, as opposed to one that is locked, or in a folder that may not be written to. */
function isUnusable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ForeignHistory || storageFailure(cause) === 'damaged') return true;
  return false;
}

function open({ file, clock }: OpenDatabaseOptions): DatabaseSync {
  const database = openSqlite({ file });
  try {
    // Not again: on a full disk, what is there can then still be read.
    if (!isOurs(database, file)) {
      FileBound.prepare(database);
      database.exec(`PRAGMA application_id = ${applicationId}`);
    }
    // A power cut may cost the last seconds; a killed process costs nothing that was acknowledged.
    database.exec(`
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -${cacheKibibytes};
      PRAGMA journal_size_limit = 4194304;
      PRAGMA temp_store = MEMORY;
    `);
    migrate(database, clock.now());
    readSomething(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync, nowMs: number): void {
  try {
    migrateSqlite(database, migrations, nowMs);
  } catch (error) {
    throw error instanceof DatabaseSetupError ? new ForeignHistory(error.message, { cause: error }) : error;
  }
}

/** False: it is new. */
function isOurs(database: DatabaseSync, file: string): boolean {
  const id = database.prepare('PRAGMA application_id').get()?.['application_id'];
  if (id === applicationId) return true;
  const row = database.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table'").get();
  if (row?.['count'] === 0) return false;
  throw new DatabaseSetupError(
    `${resolve(file)} is the database of another program. Name another file for the dashboard, or move this one away`,
  );
}

/** Finds the commonest damage at once; what it misses is found where it is met. */
function readSomething(database: DatabaseSync): void {
  for (const table of ['spans', 'span_data', 'logs', 'points', 'segments', 'resources', 'series', 'metrics', 'bounds'])
    database.prepare(`SELECT * FROM ${table} LIMIT 1`).all();
}

/** Returns the new name. */
function moveAside(file: string, clock: Clock, cause: unknown): string {
  const stamp = new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-');
  const aside = `${resolve(file)}.unusable-${stamp}`;
  try {
    renameSync(file, aside);
    for (const side of ['-wal', '-shm']) if (existsSync(file + side)) renameSync(file + side, aside + side);
    return aside;
  } catch (error) {
    throw new DatabaseSetupError(
      `Cannot use the database ${resolve(file)}, and cannot move it away either. Move it, or name another file for the dashboard`,
      { cause: new AggregateError([cause, error]) },
    );
  }
}
