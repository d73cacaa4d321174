import type { DatabaseSync } from 'node:sqlite';
import type { Seed } from '../database-kind.ts';
import { mapSqliteError } from './sqlite-errors.ts';

/**
 * Inserts a table's first rows if it never had any: deleted rows do not come back with the next start. Several instances may
 * start at once.
 *
 * @returns whether the rows were inserted now
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps the database locked; try again
 */
export function seedOnce(database: DatabaseSync, { table, sql }: Seed): boolean {
  try {
    database.exec('BEGIN IMMEDIATE');
    const used = database.prepare('SELECT 1 FROM sqlite_sequence WHERE name = ?').get(table) !== undefined;
    if (!used) database.exec(sql);
    database.exec('COMMIT');
    return !used;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw mapSqliteError(error);
  }
}
