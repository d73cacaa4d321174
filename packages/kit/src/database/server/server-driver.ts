import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { type DatabaseFault, thrownFor } from './database-fault.ts';
import type { PooledConnection } from './pooled-connection.ts';
import type { StatementResult } from './server-connection.ts';
import { queryResultOf, rowsOf, thrown } from './server-results.ts';
import { ServerTransaction } from './server-transaction.ts';

/** Where a {@link ServerDriver} gets its connections from. */
export interface ConnectionSource {
  /** Rejects with a `DatabaseFault`. */
  acquire(): Promise<PooledConnection>;
  release(connection: PooledConnection): void;
  close(): void;
}

/** The statements that begin a transaction, in the words of a server. */
export type BeginTransaction = (settings: TransactionSettings) => readonly string[];

/** How often a statement is repeated that others got in the way of. */
const maxAttempts = 3;

/** Kysely's driver for a server. */
export class ServerDriver implements Driver {
  readonly #source: ConnectionSource;
  readonly #begin: BeginTransaction;

  constructor(source: ConnectionSource, begin: BeginTransaction) {
    this.#source = source;
    this.#begin = begin;
  }

  async init(): Promise<void> {
    // Connections are opened when they are needed.
  }

  async acquireConnection(): Promise<ServerSession> {
    return new ServerSession(await thrown(this.#source.acquire()));
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const session = sessionOf(connection);
    for (const sql of this.#begin(settings)) await session.run(sql, []);
    session.inTransaction = true;
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const session = sessionOf(connection);
    const { command } = await session.run('COMMIT', []);
    session.inTransaction = false;
    // PostgreSQL answers so if a statement of the transaction had failed, and the error was caught: nothing was written.
    if (command === 'ROLLBACK') throw new AbortedTransactionError();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const session = sessionOf(connection);
    // With a lost connection, the server rolls back by itself. That is the cause of what the caller hears, and no error beside it.
    if (!session.connection.usable) return;
    try {
      await session.run('ROLLBACK', []);
      session.inTransaction = false;
    } catch {
      session.connection.spoil();
    }
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await sessionOf(connection).run(`SAVEPOINT ${safeName(name)}`, []);
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await sessionOf(connection).run(`ROLLBACK TO SAVEPOINT ${safeName(name)}`, []);
  }

  async releaseSavepoint(
    connection: DatabaseConnection,
    name: string,
    _compile?: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await sessionOf(connection).run(`RELEASE SAVEPOINT ${safeName(name)}`, []);
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const session = sessionOf(connection);
    // A commit whose answer was lost, for example.
    if (session.inTransaction) session.connection.spoil();
    this.#source.release(session.connection);
  }

  async destroy(): Promise<void> {
    this.#source.close();
  }

  /** Begins a transaction, without Kysely's overhead. The server hears of it with its first statement. */
  async begin(): Promise<ServerTransaction> {
    const connection = await thrown(this.#source.acquire());
    return new ServerTransaction(connection, this.#begin({}), (used) => this.#source.release(used));
  }

  /** Runs one statement outside of any transaction, without Kysely's overhead. */
  async runAlone<Row>(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    const connection = await thrown(this.#source.acquire());
    try {
      return rowsOf<Row>(await runAndRepeat(connection, sql, parameters));
    } finally {
      this.#source.release(connection);
    }
  }
}

/** A connection that somebody has for a while. */
class ServerSession implements DatabaseConnection {
  readonly connection: PooledConnection;
  inTransaction = false;

  constructor(connection: PooledConnection) {
    this.connection = connection;
  }

  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    return thrown(this.connection.run(sql, parameters));
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const result = this.inTransaction
      ? await this.run(sql, parameters)
      : await runAndRepeat(this.connection, sql, parameters);
    return queryResultOf<R>(result);
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

/** Repeats a statement that stood alone and that others got in the way of: it has done nothing. */
async function runAndRepeat(
  connection: PooledConnection,
  sql: string,
  parameters: readonly unknown[],
): Promise<StatementResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connection.run(sql, parameters);
    } catch (error) {
      // A connection rejects with nothing else.
      const fault = error as DatabaseFault;
      const again = fault.verdict.kind === 'busy' && fault.verdict.atOnce === true && connection.usable;
      if (!again || attempt === maxAttempts) throw thrownFor(fault);
    }
  }
}

/** Kysely gives back what it got from `acquireConnection`. */
function sessionOf(connection: DatabaseConnection): ServerSession {
  return connection as ServerSession;
}

/** Names of savepoints come from the program, and are put into the statement. */
function safeName(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/i.test(name)) throw new TypeError(`${name} is not a name for a savepoint`);
  return name;
}
