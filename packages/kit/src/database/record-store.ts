import { AppError, type ErrorKind } from '@flotilla/contracts';
import { type Page, type PageQuery, type Precondition, readPage } from '../resource/index.ts';
import { writeIfUnchanged } from '../resource/write-if-unchanged.ts';
import type { Database } from './open-database.ts';
import { tableQueries } from './table-queries.ts';
import type { AnyRow, ColumnValues } from './table-row.ts';
import type { Transaction } from './transaction.ts';
import { UniqueViolation } from './unique-violation.ts';

/** A row as it is stored: an id that the database assigned, and columns. */
export interface RecordRow {
  readonly id: number;
}

/** A row without its id, as callers provide it. */
export type NewRecord<Row extends RecordRow> = Omit<Row, 'id'>;

/** A table and its columns. */
export interface RecordStoreOptions<Row extends RecordRow> {
  readonly table: string;
  /** All columns of a row, except those that `derive` makes. A conditional write compares them. */
  readonly columns: readonly (keyof Row & string)[];
  /** Columns that are computed from others and never shown, such as a text in lower case. Default: none. */
  readonly derive?: (values: Changes<Row>) => ColumnValues;
  /** The error to throw if there is no row with an id. Default NOT_FOUND. */
  readonly notFound?: 'NOT_FOUND' | ErrorKind<never>;
  /** The error to throw if a value must be unique and another row has it. Default ALREADY_EXISTS. */
  readonly taken?: (cause: UniqueViolation) => AppError;
  /**
   * Runs in the transaction of each write, after it: what it writes there, such as an event, takes effect with the record or
   * not at all. If it rejects, nothing is written. Default: none, and a write is a single statement.
   */
  readonly alongside?: (transaction: Transaction, change: RecordChange<Row>) => Promise<void>;
}

/** A write, for `alongside`. `row`: as it is now or, if it was removed, as it was. */
export interface RecordChange<Row extends RecordRow> {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly row: Row;
}

/** How to show rows, if callers see something other than what is stored. */
export interface ShowRecord<Row extends RecordRow, Shown> {
  /** What callers see of a row. Entity tags are made from it, so a write's condition refers to it. */
  readonly show: (row: Row) => Shown;
}

/**
 * The records of one table. Every method may reject with STORAGE_UNAVAILABLE; acknowledged writes survive even if the
 * process is killed.
 */
export interface RecordStore<Row extends RecordRow, Shown = Row> {
  /** The record with this id; undefined if there is none. */
  find(id: number): Promise<Shown | undefined>;
  /** The record with this id. @throws {AppError} `notFound` */
  get(id: number): Promise<Shown>;
  /** One page of the records, in the order of ids. `where`: only records with these values. */
  page(query: PageQuery, where?: Conditions<Row>): Promise<Page<Shown>>;
  /** Adds a record, under an id that was never used; one among `values` is ignored. @throws {AppError} `taken` */
  add(values: NewRecord<Row>): Promise<Shown>;
  /**
   * Changes a record and returns the result; undefined fields stay as they are, and so does its id.
   *
   * @param condition what the caller has read; a record that has changed since is left as it is. Default: none
   * @throws {AppError} `notFound`; `taken`; PRECONDITION_FAILED when the record has changed
   */
  change(id: number, values: Changes<Row>, condition?: Precondition): Promise<Shown>;
  /**
   * Removes a record and returns it as it was.
   *
   * @param condition as for `change`
   * @throws {AppError} `notFound`; PRECONDITION_FAILED when the record has changed
   */
  remove(id: number, condition?: Precondition): Promise<Shown>;
  /** The same records, read and written in this transaction; undefined: each write on its own. */
  within(transaction: Transaction | undefined): RecordStore<Row, Shown>;
}

/** Values that the rows of a page must have. */
export type Conditions<Row extends RecordRow> = {
  readonly [Column in keyof NewRecord<Row>]?: NonNullable<Row[Column]> | undefined;
};

/** Some of a row's values. */
export type Changes<Row extends RecordRow> = { readonly [Column in keyof NewRecord<Row>]?: Row[Column] | undefined };

/** A database with the table. */
export type RecordDatabase = Pick<Database<unknown>, 'query' | 'prepare' | 'transaction'>;

/**
 * Makes the store of one table:
 *
 * ```ts
 * const database = await openDatabase({ url: config.DATABASE_URL, migrations });
 * const carts = recordStore<CartRow, Cart>(database, {
 *   table: 'carts',
 *   columns: ['id', 'owner', 'total_cents'],
 *   show: ({ total_cents, ...rest }) => ({ ...rest, total: showMoney(total_cents) }),
 * });
 * const cart = await carts.add({ owner: 'Ada', total_cents: 950 });
 * await carts.change(cart.id, { total_cents: 1_900 });
 * ```
 *
 * The table has a column `id` that is a `newId` (see `SchemaWords`). For other queries, a service uses `database.query`.
 */
export function recordStore<Row extends RecordRow>(
  database: RecordDatabase,
  options: RecordStoreOptions<Row>,
): RecordStore<Row>;
export function recordStore<Row extends RecordRow, Shown>(
  database: RecordDatabase,
  options: RecordStoreOptions<Row> & ShowRecord<Row, Shown>,
): RecordStore<Row, Shown>;
export function recordStore<Row extends RecordRow, Shown>(
  database: RecordDatabase,
  options: RecordStoreOptions<Row> & Partial<ShowRecord<Row, Shown>>,
): RecordStore<Row, Shown> {
  const { table, columns, derive, alongside, notFound = 'NOT_FOUND', taken = alreadyExists } = options;
  // Without `show`, the row itself is shown.
  const show = options.show ?? ((row: Row): Shown => row as unknown as Shown);
  const queries = tableQueries(database, table, columns);
  // A row of this table has the columns that are read, which are those of `Row`.
  const toShown = (row: AnyRow): Shown => show(row as unknown as Row);
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw new AppError(notFound);
    return value;
  };
  const withDerived = (values: Changes<Row>): ColumnValues => {
    return { ...withoutId(withoutUndefined(values)), ...derive?.(values) };
  };
  /** The database decides whether a value is taken: a query beforehand would leave time for another writer to take it. */
  const unlessTaken = async <T>(written: Promise<T>): Promise<T> => {
    try {
      return await written;
    } catch (error) {
      throw error instanceof UniqueViolation ? taken(error) : error;
    }
  };
  /** The rows on their own (undefined), or in a transaction. */
  const storeOn = (on: Transaction | undefined): RecordStore<Row, Shown> => {
    const read = async (id: number): Promise<AnyRow> => found(await queries.byId(id, on));
    /** Writes on its own, or together with what belongs to the write. */
    const writing = async (
      kind: RecordChange<Row>['kind'],
      write: (on: Transaction | undefined) => Promise<AnyRow | undefined>,
    ): Promise<AnyRow | undefined> => {
      if (alongside === undefined) return unlessTaken(write(on));
      const both = async (transaction: Transaction): Promise<AnyRow | undefined> => {
        const row = await unlessTaken(write(transaction));
        // As for `toShown`.
        if (row !== undefined) await alongside(transaction, { kind, row: row as unknown as Row });
        return row;
      };
      return on === undefined ? database.transaction(both) : both(on);
    };
    return {
      async find(id) {
        const row = await queries.byId(id, on);
        return row === undefined ? undefined : toShown(row);
      },
      get: async (id) => toShown(await read(id)),
      async page(query, where = {}) {
        const page = await readPage(query, (wanted) => queries.page(wanted, withoutUndefined(where), on));
        return { rows: page.rows.map(toShown), nextAfterId: page.nextAfterId };
      },
      async add(values) {
        const added = await writing('added', (transaction) => queries.insert(withDerived(values), transaction));
        return toShown(found(added));
      },
      async change(id, values, condition) {
        const columnValues = withDerived(values);
        const changed = await writeIfUnchanged(condition, {
          read: () => read(id),
          show: toShown,
          write: (expected) =>
            // A statement that sets nothing is not valid SQL, and a change of nothing is none.
            Object.keys(columnValues).length === 0
              ? queries.byId(id, on)
              : writing('changed', (transaction) => queries.update(id, columnValues, expected, transaction)),
        });
        return toShown(found(changed));
      },
      async remove(id, condition) {
        const removed = await writeIfUnchanged(condition, {
          read: () => read(id),
          show: toShown,
          write: (expected) => writing('removed', (transaction) => queries.remove(id, expected, transaction)),
        });
        return toShown(found(removed));
      },
      within: storeOn,
    };
  };
  return storeOn(undefined);
}

function withoutUndefined(values: object): ColumnValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ColumnValues; // What columns hold.
}

/** Objects with more fields than their type says are common, such as a whole record that a caller sends back. */
function withoutId({ id: _id, ...columns }: ColumnValues): ColumnValues {
  return columns;
}

function alreadyExists(cause: UniqueViolation): AppError {
  return new AppError('ALREADY_EXISTS', { cause });
}
