import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { mapSqliteError } from './sqlite-errors.ts';

/**
 * The part of a database that Kysely's `SqliteDialect` asks for. Written down here so that this package needs no
 * Kysely: `new SqliteDialect({ database: kyselyDatabase(database) })`.
 */
export interface KyselyDatabase {
  prepare(sql: string): KyselyStatement;
  close(): void;
}

/** One prepared statement, as `SqliteDialect` uses it. */
export interface KyselyStatement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

/** Statements kept prepared. A service has a few dozen; more means that values are being written into the SQL. */
const maxKeptStatements = 100;

/**
 * Shows a `node:sqlite` database to Kysely. Statements stay prepared; errors of the storage become STORAGE_UNAVAILABLE.
 * From here on no statement waits for another process's lock: it would hold up the whole program. Wait between the tries,
 * with `whenUnlocked`.
 */
export function kyselyDatabase(database: DatabaseSync): KyselyDatabase {
  database.exec('PRAGMA busy_timeout = 0');
  const kept = new Map<string, KyselyStatement>();
  return {
    prepare(sql) {
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = mapped(() => kyselyStatement(database.prepare(sql)));
      if (kept.size >= maxKeptStatements) kept.clear();
      kept.set(sql, statement);
      return statement;
    },
    close: () => database.close(),
  };
}

function kyselyStatement(statement: StatementSync): KyselyStatement {
  return {
    // A statement that gives rows, be it a SELECT or one with RETURNING, has columns.
    reader: statement.columns().length > 0,
    all: (parameters) => mapped(() => statement.all(...asInput(parameters))),
    run: (parameters) => mapped(() => statement.run(...asInput(parameters))),
    iterate: (parameters) => mapped(() => statement.iterate(...asInput(parameters))),
  };
}

function asInput(parameters: readonly unknown[]): readonly SQLInputValue[] {
  // Kysely's interface says unknown; what the driver can't bind it refuses itself, with a TypeError.
  return parameters as readonly SQLInputValue[];
}

function mapped<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw mapSqliteError(error);
  }
}
