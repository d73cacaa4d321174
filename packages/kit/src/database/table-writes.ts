import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely';
import type { Database } from './open-database.ts';
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
  const insertionOf = oncePerColumns((names) =>
    database.prepare((values: ColumnValues) => {
      const insertion = tablesOf(database).insertInto(table);
      // A list of no values is not valid SQL.
      return (names.length === 0 ? insertion.defaultValues() : insertion.values(valuesOf(names, values))).returning(
        columns,
      );
    }),
  );
  return {
    async insert(values, on) {
      const [row] = await insertionOf(values)(values, on);
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

/** Makes something for each set of columns, on first use: what they are called decides, and not their order. */
export function oncePerColumns<T>(make: (names: readonly string[]) => T): (values: ColumnValues) => T {
  const made = new Map<string, T>();
  return (values) => {
    const names = Object.keys(values).sort();
    const key = names.join();
    const known = made.get(key);
    if (known !== undefined) return known;
    const added = make(names);
    made.set(key, added);
    return added;
  };
}

/** The values of these columns, for an insertion that is prepared: it has placeholders, which are found by name. */
export function valuesOf(names: readonly string[], values: ColumnValues): ColumnValues {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}

/** The query builder. Its types do not depend on anything that the object holds. */
export function tablesOf({ query }: { readonly query: Kysely<unknown> }): Kysely<Tables> {
  return query as Kysely<Tables>;
}

/** Compares in the statement that writes: between two statements, another writer could intervene. */
export function isStill(id: number, expected: AnyRow | undefined) {
  return (row: ExpressionBuilder<Tables, string>): Expression<SqlBool> => row.and({ ...expected, id });
}
