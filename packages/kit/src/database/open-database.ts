import { type Clock, systemClock } from '@flotilla/contracts';
import { type Compilable, Kysely } from 'kysely';
import { type DatabaseLocation, databaseLocation } from '../config/index.ts';
import type { OpenDatabase, Seed } from './database-kind.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';
import { type PreparedQuery, prepareQuery } from './prepare-query.ts';
import { openSqliteKind } from './sqlite/sqlite-kind.ts';
import { runTransaction, type Transaction } from './transaction.ts';

/** Which database to open, and what it must contain. */
export interface DatabaseOptions {
  /** The value of `DATABASE_URL`: `sqlite:data/users.db`. It also names the kind of database. */
  readonly url: string;
  /** The migrations that make its tables, in the order of their ids. */
  readonly migrations: readonly Migration[];
  /** Rows for a table that never had any. Default: none. */
  readonly seed?: Seed | undefined;
  /** Default the system's. */
  readonly clock?: Clock;
}

/** A database with the tables that its program needs. */
export interface Database<Tables> {
  /**
   * Builds and runs queries. A query that another process's lock holds up is retried for a second; after that, or if the
   * database cannot do its work, it rejects with STORAGE_UNAVAILABLE. A value that is taken is a `UniqueViolation`.
   */
  readonly query: Kysely<Tables>;
  /**
   * Prepares a frequent query: Kysely takes longer to make its SQL than a database takes to find a row by its key.
   *
   * @param build is called once, with placeholders: it may put them where values go, but not look at them
   */
  prepare<Values extends object, Row>(build: (values: Values) => Compilable<Row>): PreparedQuery<Values, Row>;
  /**
   * Runs `work` in a transaction: all that it writes through the transaction takes effect together once `work` has ended, and
   * nothing if it rejects. Other writers may wait for it, so it asks nobody over the network. What it does with the database
   * itself, and not with the transaction, is no part of it, and may wait for it forever.
   *
   * @throws what `work` throws; STORAGE_UNAVAILABLE as for `query`
   */
  transaction<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** For the health check: rejects, with a message for the log, if the database does not work. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a database and migrates it.
 *
 * @throws {DatabaseSetupError} when it cannot be opened or migrated, with what to do
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps it locked; try again
 */
export async function openDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  const opened = open(databaseLocation(options.url), options.clock ?? systemClock);
  const db = new Kysely<unknown>({ dialect: opened.dialect });
  try {
    await opened.forMigrations((connection) => migrate(connection, opened, options.migrations));
    if (options.seed !== undefined) await opened.seedOnce(options.seed);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  // The tables exist now. The builder's types do not depend on anything that the object holds.
  const query = db as unknown as Kysely<Tables>;
  return {
    query,
    prepare: (build) => prepareQuery(opened, build),
    transaction: (work) => runTransaction(query, work),
    check: () => opened.check(),
    close: () => db.destroy(),
  };
}

/** Add a kind of database here; `config/database-url.ts` reads its `DATABASE_URL`. */
function open(location: DatabaseLocation, clock: Clock): OpenDatabase {
  switch (location.kind) {
    case 'sqlite':
      return openSqliteKind(location, clock);
    default:
      return location.kind satisfies never;
  }
}
