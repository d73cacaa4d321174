import { type Clock, systemClock } from '@flotilla/contracts';
import { type Compilable, Kysely } from 'kysely';
import { type DatabaseLocation, databaseLocation } from '../config/index.ts';
import type { OpenDatabase, Seed } from './database-kind.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';
import { type PreparedQuery, prepareQuery } from './prepare-query.ts';
import { openSqliteKind } from './sqlite/sqlite-kind.ts';

/** Which database to open, and what is to be in it. */
export interface DatabaseOptions {
  /** What `DATABASE_URL` says: `sqlite:data/users.db`. It tells the kind of database as well. */
  readonly url: string;
  /** The steps that have led to its tables, in the order of their ids. */
  readonly migrations: readonly Migration[];
  /** Rows for a table that never had one. Default none. */
  readonly seed?: Seed | undefined;
  /** Default the system's. */
  readonly clock?: Clock;
}

/** A database that has the tables its program was written for. */
export interface Database<Tables> {
  /**
   * Builds and runs queries. One that another process's lock holds up is tried again for a second; then, and when the
   * database can't do its work, it rejects with STORAGE_UNAVAILABLE. A value that is taken is a `UniqueViolation`.
   */
  readonly query: Kysely<Tables>;
  /**
   * Prepares a query that is asked often: Kysely takes longer to make its SQL than a database to answer it by a key.
   *
   * @param build is called once, with stand-ins: it may put them where values go, and not look at them
   */
  prepare<Values extends object, Row>(build: (values: Values) => Compilable<Row>): PreparedQuery<Values, Row>;
  /** For the health check: rejects when the database does not do its work, with a message for the log. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a database and brings it up to date.
 *
 * @throws {DatabaseSetupError} when it can't be opened or brought up to date, with what to do
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps it locked: worth another try
 */
export async function openDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  const opened = open(databaseLocation(options.url), options.clock ?? systemClock);
  const db = new Kysely<unknown>({ dialect: opened.dialect });
  try {
    await migrate(db, opened, options.migrations);
    if (options.seed !== undefined) await opened.seedOnce(options.seed);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  // The tables are there now. The builder's types don't depend on anything that the object holds.
  const query = db as unknown as Kysely<Tables>;
  return {
    query,
    prepare: (build) => prepareQuery(opened, build),
    check: () => opened.check(),
    close: () => db.destroy(),
  };
}

/** Where a kind of database is added; what `DATABASE_URL` says of it is read in `config/database-url.ts`. */
function open(location: DatabaseLocation, clock: Clock): OpenDatabase {
  switch (location.kind) {
    case 'sqlite':
      return openSqliteKind(location, clock);
    default:
      return location.kind satisfies never;
  }
}
