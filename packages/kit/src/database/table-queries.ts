import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely';
import type { PageRequest } from '../resource/index.ts';
import type { Database } from './open-database.ts';
import type { PreparedQuery } from './prepare-query.ts';
import type { Transaction } from './transaction.ts';

/** What a column can hold. */
export type ColumnValue = string | number | bigint | boolean | null | Uint8Array;

/** Values by the names of their columns. */
export type ColumnValues = Readonly<Record<string, ColumnValue>>;

/** A row of any table that has ids. */
export type AnyRow = ColumnValues & { readonly id: number };

/** The queries that every table with ids needs. Each runs in the transaction that it is given, or on its own. */
export interface TableQueries {
  byId(id: number, on: Transaction | undefined): Promise<AnyRow | undefined>;
  /** Rows in the order of ids. `where`: only those with these values. */
  page(request: PageRequest, where: ColumnValues, on: Transaction | undefined): Promise<readonly AnyRow[]>;
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

/** What the builder must know about a table. The columns are known only to those who use the queries. */
type Tables = Readonly<Record<string, ColumnValues>>;

/** The parameters of a page: its bounds, and the values of its conditions. */
type PageValues = PageRequest & ColumnValues;

/** Makes the queries of one table. `columns`: those that are read, `id` among them. */
export function tableQueries(
  database: Pick<Database<unknown>, 'query' | 'prepare'>,
  table: string,
  columns: readonly string[],
): TableQueries {
  // The builder's types do not depend on anything that the object holds.
  const query = database.query as Kysely<Tables>;
  const queryOn = (on: Transaction | undefined): Kysely<Tables> =>
    on === undefined ? query : (on.query as Kysely<Tables>);
  const byId = database.prepare(({ id }: { readonly id: number }) =>
    query.selectFrom(table).select(columns).where('id', '=', id),
  );
  const pages = new Map<string, PreparedQuery<PageValues, ColumnValues>>();
  /** The query of pages with conditions on these columns, prepared on first use. */
  const pageOf = (conditions: readonly string[]): PreparedQuery<PageValues, ColumnValues> => {
    const key = conditions.join();
    const known = pages.get(key);
    if (known !== undefined) return known;
    const made = database.prepare((values: PageValues) => {
      const page = query.selectFrom(table).select(columns).where('id', '>', values.afterId);
      const chosen = conditions.reduce(
        (narrowed, column) => narrowed.where(column, '=', values[conditionPrefix + column] ?? null),
        page,
      );
      return chosen.orderBy('id').limit(values.limit);
    });
    pages.set(key, made);
    return made;
  };
  return {
    byId: async (id, on) => toRowIfAny((await byId({ id }, on))[0]),
    async page(request, where, on) {
      const conditions = Object.keys(where).sort();
      const values = Object.fromEntries(conditions.map((column) => [conditionPrefix + column, where[column]]));
      return (await pageOf(conditions)({ ...values, ...request }, on)).map(toRow);
    },
    async insert(values, on) {
      const insertion = queryOn(on).insertInto(table);
      // A list of no values is not valid SQL.
      const filled = Object.keys(values).length === 0 ? insertion.defaultValues() : insertion.values(values);
      return toRow(await filled.returning(columns).executeTakeFirstOrThrow());
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

/** Keeps the values of conditions apart from those of the page. */
const conditionPrefix = 'where.';

/** Every row that is read has an id, since `columns` has it. */
function toRow(found: ColumnValues): AnyRow {
  return found as AnyRow;
}

function toRowIfAny(found: ColumnValues | undefined): AnyRow | undefined {
  return found === undefined ? undefined : toRow(found);
}

/** Compares in the statement that writes: between two statements, another writer could intervene. */
function isStill(id: number, expected: AnyRow | undefined) {
  return (row: ExpressionBuilder<Tables, string>): Expression<SqlBool> => row.and({ ...expected, id });
}
