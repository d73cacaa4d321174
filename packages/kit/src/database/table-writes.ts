import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely';
import type { Database } from './open-database.ts';
import type { PreparedQuery } from './prepare-query.ts';
import { type AnyRow, type ColumnValues, type Tables, toRow, toRowIfAny } from './table-row.ts';
import type { Transaction } from './transaction.ts';

/** The writes that every table with ids needs. Each runs in the transaction that it is given, or on its own. */
export interface TableWrites {
  insert(values: ColumnValues, on: Transaction | undefined): Promise<AnyRow>;
  /** Returns the changed row; undefined if there is none, or if it is no longer `expected`, when that is given. */
  update(
    id: number,
    values: ColumnValues,
    expected: AnyRow | undefined,
    on: Transaction | undefined,
  ): Promise<AnyRow | undefined>;
  /** Returns the removed row; undefined as for `update`. */
  remove(id: number, expected: AnyRow | undefined, on: Transaction | undefined): Promise<AnyRow | undefined>;
}

/** The writes of one table, for databases whose statements return the rows that they have written. */
export function returningWrites(
  database: Pick<Database<unknown>, 'query' | 'prepare'>,
  table: string,
  columns: readonly string[],
): TableWrites {
  const queryOn = (on: Transaction | undefined): Kysely<Tables> => tablesOf(on ?? database);
  const insertions = new Map<string, PreparedQuery<ColumnValues, ColumnValues>>();
  /** The statement that inserts a row with these columns, prepared on first use. */
  const insertionOf = (names: readonly string[]): PreparedQuery<ColumnValues, ColumnValues> => {
    const key = names.join();
    const known = insertions.get(key);
    if (known !== undefined) return known;
    const made = database.prepare((values: ColumnValues) => {
      const insertion = tablesOf(database).insertInto(table);
      const filled = Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
      // A list of no values is not valid SQL.
      return (names.length === 0 ? insertion.defaultValues() : insertion.values(filled)).returning(columns);
    });
    insertions.set(key, made);
    return made;
  };
  return {
    async insert(values, on) {
      const [row] = await insertionOf(Object.keys(values).sort())(values, on);
      if (row === undefined) throw new Error(`The database returned no row of ${table} for the one that it inserted`);
      return toRow(row);
    },
    async update(id, values, expected, on) {
      const update = queryOn(on).updateTable(table).set(values).where(isStill(id, expected));
      return toRowIfAny(await update.returning(columns).executeTakeFirst());
    },
    async remove(id, expected, on) {
      const removal = queryOn(on).deleteFrom(table).where(isStill(id, expected));
      return toRowIfAny(await removal.returning(columns).executeTakeFirst());
    },
  };
}

/** The query builder. Its types do not depend on anything that the object holds. */
export function tablesOf({ query }: { readonly query: Kysely<unknown> }): Kysely<Tables> {
  return query as Kysely<Tables>;
}

/** Compares in the statement that writes: between two statements, another writer could intervene. */
export function isStill(id: number, expected: AnyRow | undefined) {
  return (row: ExpressionBuilder<Tables, string>): Expression<SqlBool> => row.and({ ...expected, id });
}
