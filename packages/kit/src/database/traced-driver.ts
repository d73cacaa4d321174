import type { CompiledQuery, DatabaseConnection, Driver, TransactionSettings } from 'kysely';
import { type Gate, GatedDriver } from './gated-dialect.ts';
import type { StatementSpans } from './statement-spans.ts';

/** A driver that makes a span of each statement. Only for programs that are traced: each statement passes one more promise. */
export class TracedDriver extends GatedDriver {
  readonly #spans: StatementSpans;

  constructor(driver: Driver, gate: Gate, spans: StatementSpans) {
    super(driver, gate);
    this.#spans = spans;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    const run = connection.executeQuery.bind(connection);
    // The connection itself, which is one user's: the driver must get back what it gave.
    connection.executeQuery = (query: CompiledQuery) => this.#spans.of(query.sql, () => run(query));
    return connection;
  }

  override beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.#spans.of('BEGIN', () => super.beginTransaction(connection, settings));
  }

  override commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#spans.of('COMMIT', () => super.commitTransaction(connection));
  }

  override rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#spans.of('ROLLBACK', () => super.rollbackTransaction(connection));
  }
}
