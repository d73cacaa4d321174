import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { QueryResult } from 'kysely';

/** Comments and empty statements may stand before it. */
const pragma = /^(?:[\s;]|--[^\n]*\n|\/\*[^]*?\*\/)*pragma\b/i;

/** How many statements stay prepared. A service has a few dozen; with more, values are probably written into the SQL. */
const maxKept = 100;

interface KeptStatement {
  readonly statement: StatementSync;
  /** The columns of its rows; empty for a statement that returns no rows. */
  names: readonly string[];
  /** Whether it may return all columns of a table, which are others once another process has changed the table. */
  readonly namesMayChange: boolean;
  readonly isPragma: boolean;
}

/** The statements of one SQLite database, which stay prepared. */
export class KeptStatements {
  readonly #database: DatabaseSync;
  readonly #onPragma: () => void;
  readonly #kept = new Map<string, KeptStatement>();

  /** @param onPragma is called before one that may change what the connection does */
  constructor(database: DatabaseSync, onPragma: () => void) {
    this.#database = database;
    this.#onPragma = onPragma;
  }

  /** Runs one, at once. Throws what `node:sqlite` throws. */
  execute<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    const kept = this.#statementOf(sql);
    const { statement } = kept;
    if (kept.isPragma) this.#onPragma();
    // Kysely's type is unknown; the database refuses what it cannot bind with a TypeError.
    const values = parameters as readonly SQLInputValue[];
    if (kept.names.length > 0) return { rows: rowsOf<R>(kept, statement.all(...values)) };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #statementOf(sql: string): KeptStatement {
    const known = this.#kept.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    const kept = {
      ...{ statement, names: namesOf(statement), namesMayChange: sql.includes('*') },
      isPragma: pragma.test(sql),
    };
    // Node would make slow objects of the rows, building each from the names, and serializing those is slow as well.
    statement.setReturnArrays(true);
    if (this.#kept.size >= maxKept) this.#kept.clear();
    this.#kept.set(sql, kept);
    return kept;
  }
}

function namesOf(statement: StatementSync): readonly string[] {
  return statement.columns().map(({ name }) => name);
}

/** The rows as objects, with the types that Kysely derived for the query. */
function rowsOf<R>(kept: KeptStatement, rows: unknown): R[] {
  // The statement returns arrays; Node's types only know those that return objects.
  const lists = rows as unknown[][];
  // After the rows: SQLite notices a changed table when it runs the statement.
  if (kept.namesMayChange) kept.names = namesOf(kept.statement);
  return lists.map((list) => rowOf(kept.names, list) as R);
}

function rowOf(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < names.length; index += 1) row[names[index] ?? ''] = values[index];
  return row;
}
