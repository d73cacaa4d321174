import { AppError, type ErrorKind } from '@flotilla/contracts';
import { type Page, type PageQuery, type Precondition, readPage } from '../resource/index.ts';
import { writeIfUnchanged } from '../resource/write-if-unchanged.ts';
import type { Database } from './open-database.ts';
import { type AnyRow, type ColumnValues, tableQueries } from './table-queries.ts';
import { UniqueViolation } from './unique-violation.ts';

/** A row as it is kept: an id that the database has given it, and columns. */
export interface RecordRow {
  readonly id: number;
}

/** What callers give of a row: all but its id. */
export type NewRecord<Row extends RecordRow> = Omit<Row, 'id'>;

/** Which table, and what it keeps. */
export interface RecordStoreOptions<Row extends RecordRow> {
  readonly table: string;
  /** The columns of a row, all of them but those that `derive` makes. They are compared where a write has a condition. */
  readonly columns: readonly (keyof Row & string)[];
  /** Columns that follow from others and that nobody sees, such as a text in lower case. Default none. */
  readonly derive?: (values: Changes<Row>) => ColumnValues;
  /** What is thrown where there is no row with an id. Default NOT_FOUND. */
  readonly notFound?: 'NOT_FOUND' | ErrorKind<never>;
  /** What is thrown where a value has to be unique and another row has it. Default ALREADY_EXISTS. */
  readonly taken?: (cause: UniqueViolation) => AppError;
}

/** How rows are shown, where callers see something else than what is kept. */
export interface ShowRecord<Row extends RecordRow, Shown> {
  /** What callers see of a row. Their entity tags are made of it, so a write's condition is about it. */
  readonly show: (row: Row) => Shown;
}

/**
 * The records of one table. Every method may reject with STORAGE_UNAVAILABLE; what was acknowledged is still there after
 * the process is killed.
 */
export interface RecordStore<Row extends RecordRow, Shown = Row> {
  /** The record with this id; undefined if there is none. */
  find(id: number): Promise<Shown | undefined>;
  /** The record with this id. @throws {AppError} `notFound` */
  get(id: number): Promise<Shown>;
  /** One page of the records, in the order of ids. `where`: only those with these values. */
  page(query: PageQuery, where?: Conditions<Row>): Promise<Page<Shown>>;
  /** Adds a record, under an id that none has had. @throws {AppError} `taken` */
  add(values: NewRecord<Row>): Promise<Shown>;
  /**
   * Changes a record, and gives it as it then is; what is undefined stays as it is.
   *
   * @param condition what the caller has read; a record that has changed since is left as it is. Default: whatever it is
   * @throws {AppError} `notFound`; `taken`; PRECONDITION_FAILED when it is not what the caller has read
   */
  change(id: number, values: Changes<Row>, condition?: Precondition): Promise<Shown>;
  /**
   * Removes a record, and gives it as it was.
   *
   * @param condition as for `change`
   * @throws {AppError} `notFound`; PRECONDITION_FAILED when it is not what the caller has read
   */
  remove(id: number, condition?: Precondition): Promise<Shown>;
}

/** Values that the rows of a page have. */
export type Conditions<Row extends RecordRow> = {
  readonly [Column in keyof NewRecord<Row>]?: NonNullable<Row[Column]> | undefined;
};

/** Some of a row's values. */
export type Changes<Row extends RecordRow> = { readonly [Column in keyof NewRecord<Row>]?: Row[Column] | undefined };

/** A database that has the table. */
export type RecordDatabase = Pick<Database<unknown>, 'query' | 'prepare'>;

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
 * The table has a column `id` that is a `newId` (see `SchemaWords`). Queries of a service's own use `database.query` beside it.
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
  const { table, columns, derive, notFound = 'NOT_FOUND', taken = alreadyExists } = options;
  // Without a way to show rows, what is shown is the row.
  const show = options.show ?? ((row: Row): Shown => row as unknown as Shown);
  const queries = tableQueries(database, table, columns);
  // A row of this table has the columns that are read, and these are a `Row`'s.
  const toShown = (row: AnyRow): Shown => show(row as unknown as Row);
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw new AppError(notFound);
    return value;
  };
  const withDerived = (values: Changes<Row>): ColumnValues => {
    return { ...withoutUndefined(values), ...derive?.(values) };
  };
  /** Leaves it to the database to say that a value is taken: asking first would leave time for another to take it. */
  const unlessTaken = async <T>(written: Promise<T>): Promise<T> => {
    try {
      return await written;
    } catch (error) {
      throw error instanceof UniqueViolation ? taken(error) : error;
    }
  };
  const read = async (id: number): Promise<AnyRow> => found(await queries.byId(id));
  return {
    async find(id) {
      const row = await queries.byId(id);
      return row === undefined ? undefined : toShown(row);
    },
    get: async (id) => toShown(await read(id)),
    async page(query, where = {}) {
      const page = await readPage(query, (wanted) => queries.page(wanted, withoutUndefined(where)));
      return { rows: page.rows.map(toShown), nextAfterId: page.nextAfterId };
    },
    add: async (values) => toShown(await unlessTaken(queries.insert(withDerived(values)))),
    async change(id, values, condition) {
      const columnValues = withDerived(values);
      const changed = await writeIfUnchanged(condition, {
        read: () => read(id),
        show: toShown,
        write: (expected) =>
          // A statement that sets nothing is none.
          Object.keys(columnValues).length === 0
            ? queries.byId(id)
            : unlessTaken(queries.update(id, columnValues, expected)),
      });
      return toShown(found(changed));
    },
    async remove(id, condition) {
      const removed = await writeIfUnchanged(condition, {
        read: () => read(id),
        show: toShown,
        write: (expected) => queries.remove(id, expected),
      });
      return toShown(found(removed));
    },
  };
}

function withoutUndefined(values: object): ColumnValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ColumnValues; // What columns hold.
}

function alreadyExists(cause: UniqueViolation): AppError {
  return new AppError('ALREADY_EXISTS', { cause });
}
