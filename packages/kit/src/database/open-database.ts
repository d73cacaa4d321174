import { type Clock, systemClock } from '@flotilla/contracts';
import { type Compilable, Kysely } from 'kysely';
import { type DatabaseLocation, databaseLocation } from '../config/index.ts';
import type { OpenDatabase, Seed } from './database-kind.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';
import { type PreparedQuery, prepareQuery } from './prepare-query.ts';
import { SetUp } from './set-up.ts';
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
  /** Maximum number of connections to a server. Default 10. SQLite has one. */
  readonly poolSize?: number;
  /** How long a statement may take on a server, in milliseconds. Default 5000. */
  readonly statementTimeoutMs?: number;
  /** How long it may take to connect to a server, in milliseconds. Default 2000. */
  readonly connectTimeoutMs?: number;
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
 * Opens a database and migrates it. If it is on a server that is away, it opens all the same: everything but `close` rejects with
 * STORAGE_UNAVAILABLE until the server is there, and then it is migrated.
 *
 * @throws {DatabaseSetupError} when it cannot be opened or migrated, with what to do
 * @throws {AppError} STORAGE_UNAVAILABLE when another process keeps it locked; try again
 */
export async function openDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  const { clock = systemClock, migrations, seed } = options;
  const opened = await open(databaseLocation(options.url), options);
  const db = new Kysely<unknown>({ dialect: opened.dialect });
  const setUp = new SetUp({
    clock,
    async run() {
      await opened.forMigrations((connection) => migrate(connection, opened, migrations));
      if (seed !== undefined) await opened.seedOnce(seed);
    },
    mayPass: (error) => ['unreachable', 'unready'].includes(opened.failureOf(error) ?? ''),
    tell: (why) => opened.standBy(why),
  });
  try {
    await setUp.start();
  } catch (error) {
    await opened.close();
    throw error;
  }
  // The builder's types do not depend on anything that the object holds.
  const query = db as unknown as Kysely<Tables>;
  return {
    query,
    prepare: (build) => prepareQuery(opened, build),
    transaction: (work) => runTransaction(query, work),
    async check() {
      if (setUp.pending !== undefined) throw new Error(opened.describe(setUp.pending), { cause: setUp.pending });
      await opened.check();
    },
    async close() {
      setUp.end();
      // Kysely closes nothing if it was never used.
      await db.destroy();
      await opened.close();
    },
  };
}

/** Add a kind of database here; `config/database-url.ts` reads its `DATABASE_URL`. Drivers of servers are loaded here. */
async function open(location: DatabaseLocation, options: DatabaseOptions): Promise<OpenDatabase> {
  const { clock = systemClock, poolSize = 10, statementTimeoutMs = 5_000, connectTimeoutMs = 2_000 } = options;
  switch (location.kind) {
    case 'sqlite':
      return openSqliteKind(location, clock);
    case 'postgres': {
      const { openPostgresKind } = await import('./postgres/postgres-kind.ts');
      return openPostgresKind(location, { clock, poolSize, statementTimeoutMs, connectTimeoutMs });
    }
    case 'mysql':
      throw new Error('not yet');
    default:
      return location satisfies never;
  }
}
