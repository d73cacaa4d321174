import { AbortedTransactionError, type QueryResult } from 'kysely';
import type { OpenTransaction } from '../database-kind.ts';
import { awayFault, thrownFor } from './database-fault.ts';
import type { PooledConnection } from './pooled-connection.ts';
import type { Statement, StatementResult } from './server-connection.ts';
import { queryResultOf, thrown } from './server-results.ts';

/** More statements than this do not wait for the end of a transaction, which would keep them in memory. */
const mostWaiting = 50;

/**
 * A transaction on a server. Statements whose results nobody waits for go with the next one, and the last ones with the COMMIT: a
 * server that takes several at a time is then asked once instead of twice. What is asked for while something runs waits for it: a
 * statement that came after the ROLLBACK would take effect by itself.
 */
export class ServerTransaction implements OpenTransaction {
  readonly #connection: PooledConnection;
  readonly #release: (connection: PooledConnection) => void;
  /** To be sent before whatever comes next; begins with what begins the transaction. */
  #waiting: Statement[];
  /** What was asked for last, while it runs. */
  #last: Promise<unknown> | undefined;
  /** Whether one of the waiting statements is the program's. */
  #hasLater = false;
  /** Why the transaction must not take effect. */
  #failure: { readonly error: unknown } | undefined;
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

  execute<Row>(statement: Statement): Promise<QueryResult<Row>> {
    this.#isUsed = true;
    return this.#inTurn(async () => {
      // Without values it may be several statements, which are not sent together with others.
      if (statement.parameters.length === 0) await this.#sendWaiting();
      return queryResultOf<Row>(await this.#send(statement));
    });
  }

  executeLater(statement: Statement): Promise<void> {
    this.#isUsed = true;
    return this.#inTurn(async () => {
      this.#waiting.push(statement);
      this.#hasLater = true;
      if (this.#waiting.length > mostWaiting) await this.#sendWaiting();
    });
  }

  commit(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isUsed) return this.#end();
      if (this.#failure !== undefined) throw this.#failure.error;
      const { command } = await this.#send({ sql: 'COMMIT', parameters: [] });
      this.#isOpen = false;
      this.#end();
      // PostgreSQL answers so if a statement of the transaction had failed, and the error was caught: nothing was written.
      if (command === 'ROLLBACK') throw new AbortedTransactionError();
    });
  }

  rollback(): Promise<void> {
    return this.#inTurn(async () => {
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
    });
  }

  /** Does `work` once everything that was asked for before is done. At once, if nothing runs. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const running = this.#last === undefined ? work() : this.#last.then(work, work);
    this.#last = running;
    const done = (): void => {
      if (this.#last === running) this.#last = undefined;
    };
    running.then(done, done);
    return running;
  }

  async #send(statement: Statement): Promise<StatementResult> {
    // Those that waited for the one with which it was lost: nothing would answer them.
    if (!this.#connection.usable) throw thrownFor(awayFault('the connection was lost during the transaction'));
    this.#isOpen = true;
    if (this.#waiting.length === 0) return thrown(this.#connection.run(statement.sql, statement.parameters));
    const statements = [...this.#waiting, statement];
    const hadLater = this.#hasLater;
    this.#waiting = [];
    this.#hasLater = false;
    try {
      return await thrown(this.#connection.runTogether(statements));
    } catch (error) {
      // Whoever asked for the last one may know what to do if it fails, and go on; not if it was one that nobody waited for.
      if (hadLater) this.#failure = { error };
      throw error;
    }
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
