import type { DatabaseConnection, Dialect, Driver, TransactionSettings } from 'kysely';

/** What a {@link GatedDriver} waits for. */
export interface Gate {
  /** The error for those who come too early; undefined: the gate is open. */
  readonly refusal: Error | undefined;
}

/** A driver that gives no connection before its gate is open: there may be no tables yet, and statements would fail with any error. */
export class GatedDriver implements Driver {
  readonly #driver: Driver;
  readonly #gate: Gate;

  constructor(driver: Driver, gate: Gate) {
    this.#driver = driver;
    this.#gate = gate;
  }

  init(): Promise<void> {
    return this.#driver.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#gate.refusal !== undefined) throw this.#gate.refusal;
    return this.#driver.acquireConnection();
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.#driver.beginTransaction(connection, settings);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#driver.commitTransaction(connection);
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#driver.rollbackTransaction(connection);
  }

  async savepoint(...values: Parameters<NonNullable<Driver['savepoint']>>): Promise<void> {
    await (this.#driver.savepoint?.(...values) ?? unsupported());
  }

  async rollbackToSavepoint(...values: Parameters<NonNullable<Driver['rollbackToSavepoint']>>): Promise<void> {
    await (this.#driver.rollbackToSavepoint?.(...values) ?? unsupported());
  }

  async releaseSavepoint(...values: Parameters<NonNullable<Driver['releaseSavepoint']>>): Promise<void> {
    await (this.#driver.releaseSavepoint?.(...values) ?? unsupported());
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#driver.releaseConnection(connection);
  }

  destroy(): Promise<void> {
    return this.#driver.destroy();
  }
}

function unsupported(): never {
  throw new Error('This kind of database has no savepoints');
}

/** The same SQL over another driver. */
export function withDriver(dialect: Dialect, driver: Driver): Dialect {
  return {
    createDriver: () => driver,
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  };
}
