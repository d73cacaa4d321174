import { channel } from 'node:diagnostics_channel';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
} from 'kysely';
import type { OpenTransaction } from './database-kind.ts';
import { withDriver } from './gated-dialect.ts';

/**
 * Several statements that take effect together, or not at all; see `Database.transaction`. After the function
 * that it was given to has ended, its statements reject.
 */
export interface Transaction<Tables = unknown> {
  /** Builds and runs queries in the transaction. */
  readonly query: Kysely<Tables>;
  /** Runs a query that was compiled before. For prepared queries, which take a transaction. */
  run<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>>;
  /**
   * Runs a query that was compiled before at the latest when the transaction takes effect, in the order of the calls. A server is
   * then asked once less. If it fails, so does the transaction.
   */
  runLater(query: CompiledQuery<unknown>): Promise<void>;
  /**
   * Runs something once the transaction has ended, whether it took effect or not, and before anybody is told. If it rejects
   * after a transaction that took effect, so does `Database.transaction`.
   */
  afterwards(run: () => Promise<void>): void;
  /** Runs something once the transaction has taken effect; never, if it has not. It must not throw. */
  whenCommitted(run: () => void): void;
}

/** Says that a transaction is committed, to tests that kill programs at such points. It costs nothing when nobody listens. */
const points = channel('flotilla.database');

/** Where transactions begin. */
export interface TransactionSource {
  begin(): Promise<OpenTransaction>;
  readonly dialect: Dialect;
}

/** Runs `work` in a transaction; see `Database.transaction`. */
export async function runTransaction<Tables, T>(
  { begin, dialect }: TransactionSource,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  const open = await begin();
  const transaction = new RunningTransaction<Tables>(open, dialect);
  let result: T;
  try {
    result = await work(transaction);
    transaction.end();
    await open.commit();
  } catch (error) {
    transaction.end();
    const instead = await open.rollback();
    // What went wrong first says more.
    await transaction.finish().catch(() => undefined);
    throw instead ?? error;
  }
  if (points.hasSubscribers) points.publish('transaction-committed');
  try {
    transaction.tellCommitted();
  } finally {
    // Whoever waits for its end must not wait for ever.
    await transaction.finish();
  }
  return result;
}

/** For the builder it is a connection. */
class RunningTransaction<Tables> implements Transaction<Tables>, DatabaseConnection {
  readonly #open: OpenTransaction;
  readonly #dialect: Dialect;
  #query: Kysely<Tables> | undefined;
  #afterwards: (() => Promise<void>)[] | undefined;
  #whenCommitted: (() => void)[] | undefined;
  #hasEnded = false;

  constructor(open: OpenTransaction, dialect: Dialect) {
    this.#open = open;
    this.#dialect = dialect;
  }

  /** Made for those who use it: prepared queries do without. */
  get query(): Kysely<Tables> {
    this.#query ??= new Kysely<Tables>({ dialect: withDriver(this.#dialect, new HeldDriver(this)) });
    return this.#query;
  }

  run<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>> {
    return this.#hasEnded ? Promise.reject(afterItsEnd(query)) : this.#open.execute<Row>(query);
  }

  runLater(query: CompiledQuery<unknown>): Promise<void> {
    return this.#hasEnded ? Promise.reject(afterItsEnd(query)) : this.#open.executeLater(query);
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.run<Row>(query);
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query);
  }

  afterwards(run: () => Promise<void>): void {
    (this.#afterwards ??= []).push(run);
  }

  whenCommitted(run: () => void): void {
    (this.#whenCommitted ??= []).push(run);
  }

  tellCommitted(): void {
    if (this.#whenCommitted !== undefined) for (const run of this.#whenCommitted) run();
  }

  /** Takes no more statements: they would run by themselves, or in the next transaction of the same connection. */
  end(): void {
    this.#hasEnded = true;
  }

  async finish(): Promise<void> {
    if (this.#afterwards === undefined) return;
    const ends = await Promise.allSettled(this.#afterwards.map((run) => run()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }
}

function afterItsEnd({ sql }: CompiledQuery): Error {
  return new Error(
    `A statement came after the end of its transaction, and was not run. Wait for it (await) in the function that was given to transaction(): ${sql}`,
  );
}

/** Gives the builder the connection of one transaction. */
class HeldDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {
    // It is open.
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(): Promise<void> {
    throw new Error('This is a transaction already: use what it was given');
  }

  async commitTransaction(): Promise<void> {
    // None is ever begun.
  }

  async rollbackTransaction(): Promise<void> {
    // As above.
  }

  async releaseConnection(): Promise<void> {
    // Whoever began the transaction ends it.
  }

  async destroy(): Promise<void> {
    // As above.
  }
}
