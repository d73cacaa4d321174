import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { DatabaseSetupError } from '../database-setup-error.ts';
import { describeSqliteError, isBusy, mapSqliteError } from './sqlite-errors.ts';

/** One step of a database's history. Once released it never changes: a correction is a new step. */
export interface Migration {
  /** The file's name without its ending, for example `0001-create-users`. The order of ids is the order of steps. */
  readonly id: string;
  /** One or more SQL statements. */
  readonly sql: string;
  /**
   * Left out of databases that do not have it yet; those that have it keep it. For a step that should not have been
   * one. Default false.
   */
  readonly retired?: boolean;
}

interface Applied {
  readonly id: string;
  readonly checksum: string;
  readonly applied_at: string;
}

/**
 * Brings a database to the state the program was written for. All missing steps are applied in one transaction that
 * holds the write lock, so several instances may start at once and a step that fails leaves nothing behind. A
 * checksum of each step is kept, and compared at every start.
 *
 * @param migrations in the order of their ids
 * @param now wall-clock time in milliseconds, kept with each step
 * @returns the ids that were applied now
 * @throws {DatabaseSetupError} when a step has changed, is missing, comes too late or fails; nothing is written then
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps the database locked: worth another try
 */
export function migrate(database: DatabaseSync, migrations: readonly Migration[], now: number): readonly string[] {
  requireOrder(migrations);
  return inTransaction(database, () => {
    database.exec(
      'CREATE TABLE IF NOT EXISTS flotilla_migrations (id TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
    );
    // node:sqlite types rows as records of values; the columns are those of the table above.
    const rows = database.prepare('SELECT id, checksum, applied_at FROM flotilla_migrations ORDER BY id').all();
    const missing = compare(migrations, rows as unknown as readonly Applied[]);
    const insert = database.prepare('INSERT INTO flotilla_migrations (id, checksum, applied_at) VALUES (?, ?, ?)');
    for (const migration of missing) {
      apply(database, migration);
      insert.run(migration.id, checksumOf(migration), new Date(now).toISOString());
    }
    return missing.map((migration) => migration.id);
  });
}

/** The steps still to be applied, after everything that was applied has been found unchanged. */
function compare(migrations: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.id, migration]));
  for (const row of applied) {
    const migration = known.get(row.id);
    if (migration === undefined) {
      throw new DatabaseSetupError(
        `The database has the migration ${row.id} (applied ${row.applied_at}), which this program does not know: it was used by a newer version, or migrations/${row.id}.ts was removed. Start that version, put the file back, or name another database with DATABASE_URL`,
      );
    }
    if (checksumOf(migration) !== row.checksum) {
      throw new DatabaseSetupError(
        `migrations/${row.id}.ts has changed since it was applied (${row.applied_at}). Put its old text back and write the change as a new migration`,
      );
    }
  }
  const done = new Set(applied.map((row) => row.id));
  const missing = migrations.filter(({ id, retired }) => retired !== true && !done.has(id));
  const last = applied.at(-1)?.id ?? '';
  const late = missing.find((migration) => migration.id < last);
  if (late !== undefined) {
    throw new DatabaseSetupError(
      `migrations/${late.id}.ts comes before ${last}, which was applied already. Give it a higher number, so that every database gets the steps in the same order`,
    );
  }
  return missing;
}

function apply(database: DatabaseSync, migration: Migration): void {
  try {
    database.exec(migration.sql);
  } catch (error) {
    throw new DatabaseSetupError(
      `migrations/${migration.id}.ts failed (${describeSqliteError(error)}). Nothing was changed; correct the file and start again`,
      { cause: error },
    );
  }
}

function inTransaction<T>(database: DatabaseSync, run: () => T): T {
  try {
    database.exec('BEGIN IMMEDIATE');
    const result = run();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    const mapped = mapSqliteError(error);
    if (mapped === error || isBusy(error)) throw mapped;
    throw new DatabaseSetupError(
      `The database can't be brought up to date (${describeSqliteError(error)}): check that its file is writable, or name another with DATABASE_URL`,
      { cause: error },
    );
  }
}

function requireOrder(migrations: readonly Migration[]): void {
  for (const [index, { id }] of migrations.entries()) {
    const before = migrations[index - 1]?.id;
    if (before !== undefined && before >= id) {
      throw new DatabaseSetupError(
        `The migrations must be in the order of their ids, each once: ${id} follows ${before}`,
      );
    }
  }
}

/** Line endings don't count: the same file checked out on another system is the same step. */
function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql.replaceAll('\r\n', '\n')).digest('hex');
}
