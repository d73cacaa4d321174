import type { Clock } from '@flotilla/contracts';
import { type Dialect, Kysely, sql } from 'kysely';
import type { OpenDatabase, Seed } from '../database-kind.ts';
import type { SchemaWords } from '../migration.ts';
import type { StatementWatch } from '../statement-watch.ts';
import { ConnectionPool } from './connection-pool.ts';
import { awayFault, DatabaseFault, describeFault, failureOf, isBusyFault, thrownFor } from './database-fault.ts';
import { OwnConnections } from './own-connections.ts';
import type { Connect } from './server-connection.ts';
import { type BeginTransaction, ServerDriver } from './server-driver.ts';
import { StorageCheck } from './storage-check.ts';

/** How a pool of connections to a server is used. */
export interface ServerPoolOptions {
  readonly clock: Clock;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Default: nothing is measured. */
  readonly watch?: StatementWatch | undefined;
}

/** What kinds of servers have of their own. */
export interface ServerKind {
  readonly name: OpenDatabase['name'];
  readonly words: SchemaWords;
  readonly connect: Connect;
  readonly begin: BeginTransaction;
  /** The parts of Kysely's dialect that know the SQL of the server. */
  readonly sql: Omit<Dialect, 'createDriver'>;
  /** Whether the server can be written to, as a query of one row with the column `writable`: 1 or 0. */
  readonly question: string;
  /** Takes a lock that only one connection to the database has at a time, until it ends; false: another one has it. */
  tryLock(connection: Kysely<unknown>): Promise<boolean>;
  /** Inserts a table's first rows if it never had any. Others who do so are excluded by `tryLock`. */
  seedIn(transaction: Kysely<unknown>, seed: Seed): Promise<boolean>;
}

const noLimits = { statementTimeoutMs: 0, lockTimeoutMs: 0 } as const;

/** How long to wait while another process inserts the first rows, which takes milliseconds: one that is frozen must not hold up every start. */
const seedWaitMs = 10_000;
const seedRetryMs = 50;

/** An open database on a server. Connections are opened when they are needed: it opens even if the server is away. */
export function openServerKind(kind: ServerKind, options: ServerPoolOptions): OpenDatabase {
  const { clock } = options;
  const check = new StorageCheck(clock);
  const pool = new ConnectionPool({
    connect: kind.connect,
    onFault: (fault) => check.note(fault),
    clock,
    size: options.poolSize,
    statementTimeoutMs: options.statementTimeoutMs,
    connectTimeoutMs: options.connectTimeoutMs,
    question: kind.question,
    watch: options.watch,
  });
  const driver = new ServerDriver(pool, kind.begin);
  const forMigrations = async <T>(work: (connection: Kysely<unknown>) => Promise<T>): Promise<T> => {
    const own = new OwnConnections({ open: () => pool.open(noLimits), ask: () => pool.ask(), clock });
    const db = new Kysely<unknown>({ dialect: dialectOf(kind, new ServerDriver(own, kind.begin)) });
    try {
      return await db.connection().execute(work);
    } finally {
      await db.destroy();
    }
  };
  return {
    name: kind.name,
    dialect: dialectOf(kind, driver),
    words: kind.words,
    run: (text, parameters) => driver.runAlone(text, parameters),
    begin: () => driver.begin(),
    forMigrations,
    async runScript(text, on) {
      await sql.raw(text).execute(on);
    },
    seedOnce: (seed) =>
      forMigrations(async (connection) => {
        // The server lets go of it when the connection ends, whatever becomes of this process.
        await untilAlone(() => kind.tryLock(connection), clock);
        return connection.transaction().execute((transaction) => kind.seedIn(transaction, seed));
      }),
    async check() {
      const [answer] = await pool.ask();
      if (answer?.writable === 0) throw awayFault('the server can be read, and not written to', 'read-only');
      check.throwFailure();
    },
    close: async () => pool.close(),
    isBusy: isBusyFault,
    failureOf,
    describe: describeFault,
  };
}

/** Waits until nobody else has the lock, and takes it. */
async function untilAlone(tryLock: () => Promise<boolean>, clock: Clock): Promise<void> {
  const endMs = clock.monotonicMs() + seedWaitMs;
  while (!(await tryLock())) {
    if (clock.monotonicMs() >= endMs) {
      const message = `another process has been inserting the first rows for more than ${seedWaitMs} ms`;
      throw thrownFor(new DatabaseFault(message, { verdict: { kind: 'busy' }, lost: false }));
    }
    await new Promise<void>((resolve) => void clock.after(seedRetryMs, resolve));
  }
}

function dialectOf(kind: ServerKind, driver: ServerDriver): Dialect {
  return { ...kind.sql, createDriver: () => driver };
}
