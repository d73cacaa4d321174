import type { DatabaseSync } from 'node:sqlite';
import { type AppliedMigration, checksumOf, compareWithApplied, writtenMigrations } from '../compare-migrations.ts';
import { DatabaseSetupError } from '../database-setup-error.ts';
import type { Migration } from '../migration.ts';
import { sqliteWords } from './schema-words.ts';
import { describeSqliteError, isBusy, mapSqliteError } from './sqlite-errors.ts';

/**
 * Brings a SQLite database to the state the program was written for, at once: for a program that has it to itself and no need
 * of Kysely, which takes 25 MiB. What is checked, and told, is what `openDatabase` does. The table is `flotilla_migrations`.
 *
 * @param migrations in the order of their ids; those whose SQL is blank are passed over
 * @param now wall-clock time in milliseconds, kept with each step
 * @returns the ids that were applied now
 * @throws {DatabaseSetupError} when a step has changed, is missing, comes too late or fails; nothing is written then
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps the database locked: worth another try
 */
export function migrateSqlite(
  database: DatabaseSync,
  migrations: readonly Migration[],
  now: number,
): readonly string[] {
  return inTransaction(database, () => {
    database.exec(
      'CREATE TABLE IF NOT EXISTS flotilla_migrations (id TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
    );
    const applied = readApplied(database);
    compareWithApplied(migrations, applied, sqliteWords);
    const done = new Set(applied.map(({ id }) => id));
    const insert = database.prepare('INSERT INTO flotilla_migrations (id, checksum, applied_at) VALUES (?, ?, ?)');
    const missing = writtenMigrations(migrations, sqliteWords).filter(({ id }) => !done.has(id));
    for (const migration of missing) {
      const sql = 'retired' in migration ? '' : migration.sql(sqliteWords);
      apply(database, migration.id, sql);
      insert.run(migration.id, checksumOf(sql), new Date(now).toISOString());
    }
    return missing.map(({ id }) => id);
  });
}

function readApplied(database: DatabaseSync): readonly AppliedMigration[] {
  const rows = database.prepare('SELECT id, checksum, applied_at FROM flotilla_migrations ORDER BY id').all();
  return rows.map((row) => ({
    id: String(row['id']),
    checksum: String(row['checksum']),
    appliedAt: String(row['applied_at']),
  }));
}

function apply(database: DatabaseSync, id: string, sql: string): void {
  try {
    database.exec(sql);
  } catch (error) {
    throw new DatabaseSetupError(
      `migrations/${id}.ts failed (${describeSqliteError(error)}). Nothing was changed; correct the file and start again`,
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
