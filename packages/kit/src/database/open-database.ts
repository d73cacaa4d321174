import { AppError, type Clock, systemClock } from '@flotilla/contracts';
import { type Compilable, Kysely } from 'kysely';
import { type DatabaseLocation, databaseLocation } from '../config/index.ts';
import type { Metrics, Tracer } from '../telemetry/index.ts';
import type { OpenDatabase, Seed } from './database-kind.ts';
import { databaseName } from './database-name.ts';
import { DatabaseSetupError } from './database-setup-error.ts';
import { GatedDriver, withDriver } from './gated-dialect.ts';
import { type Migrated, type MigrateOptions, migrateUp, requireMigrated } from './migrating/migrate.ts';
import type { Migration } from './migration.ts';
import { type PreparedQuery, prepareQuery } from './prepare-query.ts';
import { describeCause, startError } from './setup-advice.ts';
import { openSqliteKind } from './sqlite/sqlite-kind.ts';
import { whenUnlocked } from './sqlite/when-unlocked.ts';
import { StatementMetrics } from './statement-metrics.ts';
import { StatementSpans } from './statement-spans.ts';
import { TracedDriver } from './traced-driver.ts';
import { TracedTransaction } from './traced-transaction.ts';
import { runTransaction, type Transaction, type TransactionSource } from './transaction.ts';

/** Which database to open, and what it must contain. */
export interface DatabaseOptions {
  /** The value of `DATABASE_URL`: `sqlite:data/users.db`. It also names the kind of database. */
  readonly url: string;
  /** The migrations that make its tables, in the order of their ids. */
  readonly migrations: readonly Migration[];
  /** Rows for a table that never had any. Default: none. */
  readonly seed?: Seed | undefined;
  /**
   * `start`: missing migrations are applied. `never`: they are only looked for, and the start fails if one is missing. Default
   * `start`.
   */
  readonly migrate?: 'start' | 'never' | undefined;
  /** How long to wait while another process migrates, in milliseconds. Default 60000. */
  readonly migrateWaitMs?: number | undefined;
  /** How long a migration's statement waits for what others have locked, in milliseconds. Default 5000. */
  readonly migrateLockTimeoutMs?: number | undefined;
  /** Called once if another process migrates, and is waited for. */
  readonly onMigrateWait?: (() => void) | undefined;
  /** Called for each migration once it has run for good. */
  readonly onMigrated?: ((id: string) => void) | undefined;
  /** Default the system's. */
  readonly clock?: Clock;
  /** Maximum number of connections to a server. Default 10. SQLite has one. */
  readonly poolSize?: number;
  /** How long a statement may take on a server, in milliseconds. Default 5000. */
  readonly statementTimeoutMs?: number;
  /** How long it may take to connect to a server, in milliseconds. Default 2000. */
  readonly connectTimeoutMs?: number;
  /** Where to count how long statements take. Default nowhere. */
  readonly metrics?: Metrics | undefined;
  /** Takes a span of each statement that runs for a traced request. Default none. */
  readonly tracer?: Tracer | undefined;
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

/** A database that is open, and may not be ready. */
export interface StartingDatabase<Tables> {
  /** Until {@link prepare} has succeeded, everything that it is asked rejects with STORAGE_UNAVAILABLE. */
  readonly database: Database<Tables>;
  /**
   * Migrates it and adds the first rows. May be called again if it fails because the database is away or busy.
   *
   * @throws {DatabaseSetupError} when somebody must do something, with what to do
   * @throws {AppError} STORAGE_UNAVAILABLE when it is away, or others keep it locked; try again
   */
  prepare(): Promise<Migrated>;
  /** What an error of `prepare` says, as a phrase for the log. */
  describe(error: unknown): string;
}

/**
 * Opens a database and migrates it.
 *
 * @throws {DatabaseSetupError} when it cannot be opened or migrated, with what to do
 * @throws {AppError} STORAGE_UNAVAILABLE when it is away, or another process keeps it locked; try again
 */
export async function openDatabase<Tables>(options: DatabaseOptions): Promise<Database<Tables>> {
  const { database, prepare } = await startDatabase<Tables>(options);
  try {
    await prepare();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Opens a database without waiting for it, for a program that starts before its database server does.
 *
 * @throws {DatabaseSetupError} when it cannot be opened, with what to do
 */
export async function startDatabase<Tables>(options: DatabaseOptions): Promise<StartingDatabase<Tables>> {
  const place = databaseLocation(options.url);
  const kind = await openKind(place, options);
  const gate: { refusal: Error | undefined } = {
    refusal: new AppError('STORAGE_UNAVAILABLE', {
      cause: new Error('the database is not ready yet'),
      retryAfterMs: 1_000,
    }),
  };
  const spans = spansOf(kind, place, options);
  const inner = kind.dialect.createDriver();
  const driver = spans === undefined ? new GatedDriver(inner, gate) : new TracedDriver(inner, gate, spans);
  const db = new Kysely<Tables>({ dialect: withDriver(kind.dialect, driver) });
  const begin = spans === undefined ? kind.begin : () => TracedTransaction.begin(kind.begin, spans);
  const transactions: TransactionSource = {
    dialect: kind.dialect,
    begin: () => (gate.refusal === undefined ? begin() : Promise.reject(gate.refusal)),
  };
  const alone: OpenDatabase['run'] =
    spans === undefined ? kind.run : (sql, parameters) => spans.of(sql, () => kind.run(sql, parameters));
  const run: OpenDatabase['run'] = (sql, parameters) =>
    gate.refusal === undefined ? alone(sql, parameters) : Promise.reject(gate.refusal);
  return {
    database: {
      query: db,
      prepare: (build) => prepareQuery({ run }, build),
      transaction: (work) => runTransaction(transactions, work),
      check: () => (gate.refusal === undefined ? kind.check() : Promise.reject(gate.refusal)),
      async close() {
        await db.destroy();
        // The builder closes nothing if it was never used.
        await kind.close();
      },
    },
    async prepare() {
      try {
        const migrated = await prepareTables(kind, options);
        gate.refusal = undefined;
        return migrated;
      } catch (error) {
        throw startError(error, kind, place);
      }
    },
    describe: (error) => describeCause(error, kind),
  };
}

/** Undefined unless the program is traced: then statements cost nothing more. */
function spansOf(
  kind: OpenDatabase,
  place: DatabaseLocation,
  { url, tracer, clock = systemClock }: DatabaseOptions,
): StatementSpans | undefined {
  if (tracer?.enabled !== true) return undefined;
  const server = place.kind === 'sqlite' ? undefined : place;
  return new StatementSpans({ name: databaseName(url, place), server, tracer, clock, describe: kind.describe });
}

async function prepareTables(kind: OpenDatabase, options: DatabaseOptions): Promise<Migrated> {
  const { migrations, seed } = options;
  const migrated =
    options.migrate === 'never'
      ? await requireMigrated(kind, migrations)
      : await migrateUp(kind, migrateOptions(options));
  if (seed !== undefined) await addSeed(kind, seed);
  return migrated;
}

async function addSeed(kind: OpenDatabase, seed: Seed): Promise<void> {
  try {
    await kind.seedOnce(seed);
  } catch (error) {
    const failure = kind.failureOf(error);
    if (failure !== 'forbidden' && failure !== 'read-only') throw error;
    throw new DatabaseSetupError(
      `The example rows cannot be added to the table "${seed.table}" (${describeCause(error, kind)}). Set SEED_DEMO_DATA=false, or name a user who may write in DATABASE_URL`,
      { cause: error },
    );
  }
}

/** How to migrate, by the options of a database. */
export function migrateOptions({ migrations, clock = systemClock, ...options }: DatabaseOptions): MigrateOptions {
  return {
    migrations,
    clock,
    waitMs: options.migrateWaitMs,
    lockTimeoutMs: options.migrateLockTimeoutMs,
    onWait: options.onMigrateWait,
    onMigrated: options.onMigrated,
  };
}

/** How long an opening waits for others that have the file locked: other processes that open it for the first time, say. */
const openLimitMs = 10_000;

/** Add a kind of database here; `config/database-url.ts` reads its `DATABASE_URL`. Drivers of servers are loaded here. */
export async function openKind(location: DatabaseLocation, options: DatabaseOptions): Promise<OpenDatabase> {
  const { clock = systemClock, poolSize = 10, statementTimeoutMs = 5_000, connectTimeoutMs = 2_000, metrics } = options;
  const watch = metrics && new StatementMetrics(databaseName(options.url, location), metrics, clock);
  const pool = { clock, poolSize, statementTimeoutMs, connectTimeoutMs, watch };
  switch (location.kind) {
    case 'sqlite':
      // Many that start at once wait for whoever of them makes the file what it must be.
      return whenUnlocked(() => openSqliteKind(location, clock, watch), { clock, limitMs: openLimitMs });
    case 'postgres': {
      const { openPostgresKind } = await import('./postgres/postgres-kind.ts');
      return openPostgresKind(location, pool);
    }
    case 'mysql': {
      const { openMysqlKind } = await import('./mysql/mysql-kind.ts');
      return openMysqlKind(location, pool);
    }
    default:
      return location satisfies never;
  }
}
