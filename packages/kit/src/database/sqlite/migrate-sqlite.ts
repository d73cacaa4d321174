import type { DatabaseSync } from 'node:sqlite';
import { type AppliedMigration, checksumOf, compareWithApplied, writtenMigrations } from '../compare-migrations.ts';
import { DatabaseSetupError } from '../database-setup-error.ts';
import type { Migration } from '../migration.ts';
import { sqliteWords } from './schema-words.ts';
import { describeSqliteError, isBusy, mapSqliteError } from './sqlite-errors.ts';

/**
 * Migrates a SQLite database synchronously, for a program that has it to itself and does not need Kysely, which takes 25 MiB.
 * It makes the same checks as `openDatabase`, with the same messages. Its table is `flotilla_migrations`.
 *
 * @param migrations in the order of their ids; those whose SQL is blank, or only comments, are skipped
 * @param now wall-clock time in milliseconds, stored with each migration
 * @returns the ids of the migrations that ran now
 * @throws {DatabaseSetupError} when a migration has changed, is missing, comes too late or fails; nothing is written then
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps the database locked; try again
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
      `migrations/${id}.ts failed (${describeSqliteError(error)}). Nothing was changed; correct the file and restart`,
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
      `Cannot migrate the database (${describeSqliteError(error)}): check that its file is writable, or name another with DATABASE_URL`,
      { cause: error },
    );
  }
}
