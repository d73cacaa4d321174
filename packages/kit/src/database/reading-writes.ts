import { sql } from 'kysely';
import type { Database } from './open-database.ts';
import { compileOnce } from './prepare-query.ts';
import { type AnyRow, type ColumnValue, type ColumnValues, toRow, toRowIfAny } from './table-row.ts';
import { isStill, oncePerColumns, type TableWrites, tablesOf, valuesOf } from './table-writes.ts';
import type { Transaction } from './transaction.ts';

/**
 * The writes of one table, for databases whose statements do not return the rows that they have written. What is known is put
 * together; for the rest, a row is read in the transaction of the write, which keeps others from changing it meanwhile.
 */
export function readingWrites(
  database: Pick<Database<unknown>, 'query' | 'transaction'>,
  table: string,
  columns: readonly string[],
  { byId }: { readonly byId: (id: number, on: Transaction) => Promise<AnyRow | undefined> },
): TableWrites {
  const within = <T>(on: Transaction | undefined, work: (transaction: Transaction) => Promise<T>): Promise<T> =>
    on === undefined ? database.transaction(work) : work(on);
  /** The columns that are read, from what was written; undefined: not all are known. */
  const known = (values: ColumnValues): AnyRow | undefined => {
    const row: Record<string, ColumnValue> = {};
    for (const column of columns) {
      const value = values[column];
      if (value === undefined || !isReadAsWritten(value)) return undefined;
      row[column] = value;
    }
    return toRow(row);
  };
  const insertionOf = oncePerColumns((names) =>
    compileOnce((values: ColumnValues) => {
      // A row of defaults needs at least one of them in words.
      const filled = names.length === 0 ? { id: sql<number>`DEFAULT` } : valuesOf(names, values);
      return tablesOf(database).insertInto(table).values(filled);
    }),
  );
  const insertOn = async (on: Transaction | undefined, values: ColumnValues): Promise<number> => {
    const insertion = insertionOf(values).compiled(values);
    const { insertId } = await (on === undefined ? database.query.executeQuery(insertion) : on.run(insertion));
    return Number(insertId);
  };
  /** Whether there was such a row. The database counts rows that already had the values, too. */
  const updateOn = async (
    on: Pick<Transaction, 'query'>,
    id: number,
    values: ColumnValues,
    expected: AnyRow | undefined,
  ): Promise<boolean> => {
    const update = tablesOf(on).updateTable(table).set(values).where(isStill(id, expected));
    return (await update.executeTakeFirstOrThrow()).numUpdatedRows > 0n;
  };
  const removeOn = async (
    on: Pick<Transaction, 'query'>,
    id: number,
    expected: AnyRow | undefined,
  ): Promise<boolean> => {
    const removal = tablesOf(on).deleteFrom(table).where(isStill(id, expected));
    return (await removal.executeTakeFirstOrThrow()).numDeletedRows > 0n;
  };
  return {
    async insert(values, on) {
      const row = known({ ...values, id: 0 });
      if (row !== undefined) return { ...row, id: await insertOn(on, values) };
      return within(on, async (transaction) => {
        const id = await insertOn(transaction, values);
        const added = await byId(id, transaction);
        if (added === undefined) throw new Error(`The new row ${id} of ${table} cannot be read`);
        return added;
      });
    },
    async update(id, values, expected, on) {
      const row = expected && known({ ...expected, ...values, id });
      if (row !== undefined) return (await updateOn(on ?? database, id, values, expected)) ? row : undefined;
      return within(on, async (transaction) =>
        (await updateOn(transaction, id, values, expected)) ? byId(id, transaction) : undefined,
      );
    },
    async remove(id, expected, on) {
      if (expected !== undefined) return (await removeOn(on ?? database, id, expected)) ? expected : undefined;
      return within(on, async (transaction) => {
        const locked = tablesOf(transaction).selectFrom(table).select(columns).where('id', '=', id).forUpdate();
        const row = toRowIfAny(await locked.executeTakeFirst());
        if (row !== undefined) await removeOn(transaction, id, undefined);
        return row;
      });
    },
  };
}

/** Whether the database reads exactly this value from a column that was given it. */
function isReadAsWritten(value: ColumnValue): boolean {
  return value === null || typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value));
}
