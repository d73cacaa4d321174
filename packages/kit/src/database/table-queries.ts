import type { Kysely } from 'kysely';
import type { PageRequest } from '../resource/index.ts';
import type { Database } from './open-database.ts';
import { readingWrites } from './reading-writes.ts';
import { type AnyRow, type ColumnValues, type Tables, toRow, toRowIfAny } from './table-row.ts';
import { oncePerColumns, returningWrites, type TableWrites } from './table-writes.ts';
import type { Transaction } from './transaction.ts';

/** The queries that every table with ids needs. Each runs in the transaction that it is given, or on its own. */
export interface TableQueries extends TableWrites {
  byId(id: number, on: Transaction | undefined): Promise<AnyRow | undefined>;
  /** Rows in the order of ids. `where`: only those with these values. */
  page(request: PageRequest, where: ColumnValues, on: Transaction | undefined): Promise<readonly AnyRow[]>;
}

/** The parameters of a page: its bounds, and the values of its conditions. */
type PageValues = PageRequest & ColumnValues;

/** Makes the queries of one table. `columns`: those that are read, `id` among them. */
export function tableQueries(
  database: Pick<Database<unknown>, 'query' | 'prepare' | 'transaction'>,
  table: string,
  columns: readonly string[],
): TableQueries {
  // The builder's types do not depend on anything that the object holds.
  const query = database.query as Kysely<Tables>;
  const byId = database.prepare(({ id }: { readonly id: number }) =>
    query.selectFrom(table).select(columns).where('id', '=', id),
  );
  const pageOf = oncePerColumns((conditions) =>
    database.prepare((values: PageValues) => {
      const page = query.selectFrom(table).select(columns).where('id', '>', values.afterId);
      const chosen = conditions.reduce(
        (narrowed, column) => narrowed.where(column, '=', values[conditionPrefix + column] ?? null),
        page,
      );
      return chosen.orderBy('id').limit(values.limit);
    }),
  );
  const find = async (id: number, on: Transaction | undefined): Promise<AnyRow | undefined> =>
    toRowIfAny((await byId({ id }, on))[0]);
  const { supportsReturning } = database.query.getExecutor().adapter;
  return {
    byId: find,
    async page(request, where, on) {
      const values = Object.fromEntries(
        Object.entries(where).map(([column, value]) => [conditionPrefix + column, value]),
      );
      return (await pageOf(where)({ ...values, ...request }, on)).map(toRow);
    },
    ...(supportsReturning
      ? returningWrites(database, table, columns)
      : readingWrites(database, table, columns, { byId: find })),
  };
}

/** Keeps the values of conditions apart from those of the page. */
const conditionPrefix = 'where.';
