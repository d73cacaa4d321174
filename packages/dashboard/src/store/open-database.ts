import { existsSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Logger } from '@flotilla/contracts';
import { DatabaseSetupError, migrateSqlite, openSqlite } from '@flotilla/kit/database/sqlite';
import { migrations } from './migrations.ts';

/** Marks the files that are ours: `FLTL` as a number. */
const applicationId = 0x464c_544c;
/** What SQLite keeps of the file in memory. */
const cacheKibibytes = 32_768;

/** What opening took. */
export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** What happened to the file that was there before, for people; undefined: nothing. */
  readonly trouble?: string;
}

/**
 * Opens the dashboard's database. A file that cannot be used is moved aside and a new one begun: what is in it only tells of
 * the past, and must not keep anybody from seeing the present. A working database of another program is left alone.
 *
 * @param fileBytes how large the file may become
 * @throws {DatabaseSetupError} when nothing can be opened there
 */
export function openDatabase(file: string, fileBytes: number, clock: Clock, logger: Logger): OpenedDatabase {
  try {
    return { database: open(file, fileBytes, clock) };
  } catch (error) {
    if (file === ':memory:' || error instanceof ForeignDatabase || !existsSync(file)) throw error;
    const aside = moveAside(file, clock, error);
    const trouble = `The dashboard could not use its database ${resolve(file)}; it was moved to ${aside} and a new one begun`;
    logger.warn({ err: error }, trouble);
    return { database: open(file, fileBytes, clock), trouble };
  }
}

/** A database that works and is not ours: somebody named the wrong file. */
class ForeignDatabase extends DatabaseSetupError {}

function open(file: string, fileBytes: number, clock: Clock): DatabaseSync {
  const database = openSqlite({ file });
  try {
    refuseForeign(database, file);
    // A power cut may cost the last seconds; a killed process costs nothing that was acknowledged.
    database.exec(`
      PRAGMA application_id = ${applicationId};
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -${cacheKibibytes};
      PRAGMA journal_size_limit = 4194304;
      PRAGMA temp_store = MEMORY;
    `);
    const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
    database.exec(`PRAGMA max_page_count = ${Math.ceil(fileBytes / pageBytes)}`);
    migrateSqlite(database, migrations, clock.now());
    readSomething(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function refuseForeign(database: DatabaseSync, file: string): void {
  const id = database.prepare('PRAGMA application_id').get()?.['application_id'];
  if (id === applicationId) return;
  const [row] = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'").all();
  if (row?.['n'] === 0) return;
  throw new ForeignDatabase(
    `${resolve(file)} is the database of another program. Name another file for the dashboard, or move this one away`,
  );
}

/** Finds the commonest damage at once; what it misses is found where it is met. */
function readSomething(database: DatabaseSync): void {
  for (const table of ['spans', 'span_data', 'logs', 'points', 'segments', 'resources', 'series', 'metrics'])
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
