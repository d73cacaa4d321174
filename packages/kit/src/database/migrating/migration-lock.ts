import { type Kysely, sql } from 'kysely';
import type { OpenDatabase } from '../database-kind.ts';

/** What came of an attempt to be the only one who migrates. `taken`: another process migrates; nothing was done. */
export type Attempt<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'taken' };

/** How an attempt goes. */
export interface AttemptOptions {
  /** Whether the work is one transaction; otherwise each statement is. */
  readonly whole: boolean;
  /** How long a statement may wait for what others have locked, in milliseconds. */
  readonly lockTimeoutMs: number;
}

/**
 * Runs `work` while no other process migrates the same database, or nothing if one does. It does not wait: a statement that
 * waits for a lock of PostgreSQL would itself hold up `CREATE INDEX CONCURRENTLY` of whoever has it.
 *
 * @param connection that of `forMigrations`
 */
export function attemptAlone<T>(
  kind: OpenDatabase,
  connection: Kysely<unknown>,
  options: AttemptOptions,
  work: (db: Kysely<unknown>) => Promise<T>,
): Promise<Attempt<T>> {
  switch (kind.name) {
    case 'sqlite':
      return inSqlite(kind, connection, work);
    case 'postgres':
      return options.whole
        ? inPostgresTransaction(connection, options, work)
        : inPostgresSession(connection, options, work);
    case 'mysql':
      return inMysqlSession(connection, options, work);
    default:
      return kind.name satisfies never;
  }
}

/** A transaction has the write lock from its beginning. */
async function inSqlite<T>(
  kind: OpenDatabase,
  connection: Kysely<unknown>,
  work: (db: Kysely<unknown>) => Promise<T>,
): Promise<Attempt<T>> {
  let begun = false;
  try {
    const value = await connection.transaction().execute((transaction) => {
      begun = true;
      return work(transaction);
    });
    return { kind: 'done', value };
  } catch (error) {
    if (!begun && kind.isBusy(error)) return { kind: 'taken' };
    throw error;
  }
}

/** One lock for each schema. Poolers that share connections keep a transaction on one of them, so the lock ends with it. */
const postgresKey = sql`hashtextextended('flotilla migrations of ' || coalesce(current_schema(), ''), 0)`;

function inPostgresTransaction<T>(
  connection: Kysely<unknown>,
  { lockTimeoutMs }: AttemptOptions,
  work: (db: Kysely<unknown>) => Promise<T>,
): Promise<Attempt<T>> {
  return connection.transaction().execute(async (transaction): Promise<Attempt<T>> => {
    const { rows } = await sql<{
      readonly got: boolean;
    }>`SELECT pg_try_advisory_xact_lock(${postgresKey}) AS got`.execute(transaction);
    if (rows[0]?.got !== true) return { kind: 'taken' };
    await sql.raw(`SET LOCAL lock_timeout = ${lockTimeoutMs}`).execute(transaction);
    return { kind: 'done', value: await work(transaction) };
  });
}

async function inPostgresSession<T>(
  connection: Kysely<unknown>,
  { lockTimeoutMs }: AttemptOptions,
  work: (db: Kysely<unknown>) => Promise<T>,
): Promise<Attempt<T>> {
  const { rows } = await sql<{ readonly got: boolean }>`SELECT pg_try_advisory_lock(${postgresKey}) AS got`.execute(
    connection,
  );
  if (rows[0]?.got !== true) return { kind: 'taken' };
  try {
    await sql.raw(`SET lock_timeout = ${lockTimeoutMs}`).execute(connection);
    return { kind: 'done', value: await work(connection) };
  } finally {
    // If the connection is lost, the server releases it.
    await sql`SELECT pg_advisory_unlock(${postgresKey})`.execute(connection).catch(() => undefined);
  }
}

/** Names of locks are those of the whole server, and have at most 64 characters. */
const mysqlName = sql`concat('flotilla-', md5(database()))`;

async function inMysqlSession<T>(
  connection: Kysely<unknown>,
  { lockTimeoutMs }: AttemptOptions,
  work: (db: Kysely<unknown>) => Promise<T>,
): Promise<Attempt<T>> {
  const { rows } = await sql<{ readonly got: number }>`SELECT get_lock(${mysqlName}, 0) AS got`.execute(connection);
  if (Number(rows[0]?.got) !== 1) return { kind: 'taken' };
  try {
    const seconds = Math.max(1, Math.ceil(lockTimeoutMs / 1_000));
    await sql.raw(`SET SESSION lock_wait_timeout = ${seconds}`).execute(connection);
    await sql.raw(`SET SESSION innodb_lock_wait_timeout = ${seconds}`).execute(connection);
    return { kind: 'done', value: await work(connection) };
  } finally {
    // If the connection is lost, the server releases it.
    await sql`SELECT release_lock(${mysqlName})`.execute(connection).catch(() => undefined);
  }
}
