import { AbortedTransactionError, type CompiledQuery, type DatabaseConnection, type QueryResult } from 'kysely';
import type { OpenTransaction } from '../database-kind.ts';
import type { PooledConnection } from './pooled-connection.ts';
import type { Statement, StatementResult } from './server-connection.ts';
import { queryResultOf, thrown } from './server-results.ts';

/** More statements than this do not wait for the end of a transaction, which would keep them in memory. */
const mostWaiting = 50;

/**
 * A transaction on a server. Statements whose results nobody waits for go with the next one, and the last ones with the COMMIT: a
 * server that takes several at a time is then asked once instead of twice.
 */
export class ServerTransaction implements OpenTransaction, DatabaseConnection {
  readonly #connection: PooledConnection;
  readonly #release: (connection: PooledConnection) => void;
  /** To be sent before whatever comes next; begins with what begins the transaction. */
  #waiting: Statement[];
  /** Whether anything was asked for. */
  #isUsed = false;
  /** Whether the server may be in the transaction. */
  #isOpen = false;
  #isOver = false;

  constructor(connection: PooledConnection, begin: readonly string[], release: (connection: PooledConnection) => void) {
    this.#connection = connection;
    this.#waiting = begin.map((sql) => ({ sql, parameters: [] }));
    this.#release = release;
  }

  async execute<Row>(statement: Statement): Promise<QueryResult<Row>> {
    this.#isUsed = true;
    // Without values it may be several statements, which are not sent together with others.
    if (statement.parameters.length === 0) await this.#sendWaiting();
    return queryResultOf<Row>(await this.#send(statement));
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.execute<Row>(query);
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.execute<Row>(query);
  }

  async executeLater(statement: Statement): Promise<void> {
    this.#isUsed = true;
    this.#waiting.push(statement);
    if (this.#waiting.length > mostWaiting) await this.#sendWaiting();
  }

  async commit(): Promise<void> {
    if (!this.#isUsed) return this.#end();
    const { command } = await this.#send({ sql: 'COMMIT', parameters: [] });
    this.#isOpen = false;
    this.#end();
    // PostgreSQL answers so if a statement of the transaction had failed, and the error was caught: nothing was written.
    if (command === 'ROLLBACK') throw new AbortedTransactionError();
  }

  async rollback(): Promise<void> {
    // With a lost connection, the server rolls back by itself. That is the cause of what the caller hears, and no error beside it.
    if (this.#isOpen && this.#connection.usable) {
      try {
        await this.#connection.run('ROLLBACK', []);
        this.#isOpen = false;
      } catch {
        // A commit whose answer was lost, for example.
      }
    }
    if (this.#isOpen) this.#connection.spoil();
    this.#end();
  }

  #send(statement: Statement): Promise<StatementResult> {
    this.#isOpen = true;
    if (this.#waiting.length === 0) return thrown(this.#connection.run(statement.sql, statement.parameters));
    const statements = [...this.#waiting, statement];
    this.#waiting = [];
    return thrown(this.#connection.runTogether(statements));
  }

  async #sendWaiting(): Promise<void> {
    const last = this.#waiting.pop();
    if (last !== undefined) await this.#send(last);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#release(this.#connection);
  }
}
