import type { Connection, PrepareStatementInfo, QueryError } from 'mysql2';

/** How many statements a connection keeps prepared. A service has a few dozen; with more, values are probably written into the SQL. */
export const maxPrepared = 200;

/**
 * The statements that a connection has prepared. The driver has such a list, too, and looks for a statement there each time by a key
 * that it makes of the text, with a command of its own.
 */
export class PreparedStatements {
  readonly #connection: Connection;
  readonly #kept = new Map<string, PrepareStatementInfo>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Gives the statement to `ready`: at once, if it is prepared. Nothing runs on the connection meanwhile. */
  prepare(sql: string, ready: (statement: PrepareStatementInfo) => void, failed: (error: QueryError) => void): void {
    const kept = this.#kept.get(sql);
    if (kept !== undefined) return ready(kept);
    // The first is the oldest. The driver closes it.
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= maxPrepared) {
      this.#kept.delete(oldest);
      this.#connection.unprepare(oldest);
    }
    this.#connection.prepare(sql, (error, statement) => {
      if (error !== null) return failed(error);
      this.#kept.set(sql, statement);
      ready(statement);
    });
  }
}
