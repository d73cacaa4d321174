import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@flotilla/contracts';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { OpenTransaction, ValuedStatement } from '../database-kind.ts';
import type { StatementWatch } from '../statement-watch.ts';
import { UniqueViolation } from '../unique-violation.ts';
import { GroupCommit } from './group-commit.ts';
import { KeptStatements } from './kept-statements.ts';
import { errorType, isBusy, isUniqueViolation, mapSqliteError } from './sqlite-errors.ts';
import { whenUnlocked } from './when-unlocked.ts';

/**
 * Kysely's driver for one open SQLite database. Statements stay prepared. There is one connection, which statements share,
 * since each is over before the next begins; a transaction has it to itself, see {@link GroupCommit}. No statement waits for
 * another process's lock, which would hold up the whole program: the driver waits between attempts, while others go on.
 */
export class SqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #watch: StatementWatch | undefined;
  readonly #statements: KeptStatements;
  readonly #transactions: GroupCommit;

  constructor(database: DatabaseSync, clock: Clock, watch?: StatementWatch) {
    this.#database = database;
    this.#clock = clock;
    this.#watch = watch;
    this.#statements = new KeptStatements(database, () => this.#transactions.close());
    this.#transactions = new GroupCommit({
      clock,
      exec: (sql) => this.#exec(sql),
      isInTransaction: () => database.isOpen && database.isTransaction,
      waited: (sinceMs) => watch?.waited(sinceMs),
    });
  }

  async init(): Promise<void> {
    this.#database.exec('PRAGMA busy_timeout = 0');
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SqliteConnection(this);
  }

  async releaseConnection(): Promise<void> {
    // It holds no resources.
  }

  beginTransaction(owner: DatabaseConnection): Promise<void> {
    return this.#transactions.begin(owner);
  }

  commitTransaction(owner: DatabaseConnection): Promise<void> {
    return this.#transactions.commit(owner);
  }

  async rollbackTransaction(owner: DatabaseConnection): Promise<void> {
    const instead = await this.#transactions.rollback(owner);
    if (instead !== undefined) throw instead;
  }

  /** See `OpenTransaction.rollback`. */
  rollback(owner: DatabaseConnection): Promise<Error | undefined> {
    return this.#transactions.rollback(owner);
  }

  /** Begins a transaction, without Kysely's overhead; at once, if nothing is in its way. */
  async begin(): Promise<OpenTransaction> {
    const owner = new SqliteConnection(this);
    await this.#transactions.begin(owner);
    return owner;
  }

  async destroy(): Promise<void> {
    this.#transactions.settle();
    if (this.#database.isOpen) this.#database.close();
  }

  /** Runs SQL of several statements at once, in the transaction that is running, if there is one. */
  runScript(sql: string): void {
    // Nobody reads what stands there: it may change what the connection does.
    this.#transactions.close();
    this.#database.exec(sql);
  }

  /** Runs one statement outside of any transaction; at once, if nothing is in its way. */
  runAlone<R>(sql: string, parameters: readonly unknown[]): Promise<readonly R[]> {
    const rows = (): readonly R[] => this.#execute<R>(sql, parameters).rows;
    if (!this.#transactions.mayRun(undefined)) return this.run(undefined, rows);
    // Not as an async function, nor through one: what most requests ask for is there already.
    try {
      return Promise.resolve(rows());
    } catch (error) {
      const known = mapped(error);
      return isBusy(known) ? this.run(undefined, rows) : Promise.reject(known);
    }
  }

  /** Runs one statement of `owner`'s transaction, or outside of any; at once, if nothing is in its way. */
  async runFor<R>(
    owner: DatabaseConnection | undefined,
    { sql, parameters }: ValuedStatement,
  ): Promise<QueryResult<R>> {
    try {
      if (this.#transactions.mayRun(owner)) return this.#executeFor<R>(owner, sql, parameters);
    } catch (error) {
      const known = mapped(error);
      if (!isBusy(known)) throw known;
    }
    return this.run(owner, () => this.#executeFor<R>(owner, sql, parameters));
  }

  /** Runs `work` when no other connection is in a transaction, and retries while another process has the lock. */
  run<T>(owner: DatabaseConnection | undefined, work: () => T): Promise<T> {
    return whenUnlocked(() => this.runWhenFree(owner, work), { clock: this.#clock });
  }

  /** Runs `work` when no other connection is in a transaction. */
  async runWhenFree<T>(owner: DatabaseConnection | undefined, work: () => T): Promise<T> {
    try {
      return await this.#transactions.whenFree(owner, work);
    } catch (error) {
      throw mapped(error);
    }
  }

  #executeFor<R>(owner: DatabaseConnection | undefined, sql: string, parameters: readonly unknown[]): QueryResult<R> {
    if (owner !== undefined) this.#transactions.throwIfLost(owner);
    try {
      return this.#execute<R>(sql, parameters);
    } catch (error) {
      this.#transactions.failed(owner, error);
      throw error;
    }
  }

  #execute<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    const watch = this.#watch;
    if (watch === undefined) return this.#statements.execute<R>(sql, parameters);
    const startedMs = this.#clock.monotonicMs();
    try {
      const result = this.#statements.execute<R>(sql, parameters);
      watch.ran(sql, startedMs);
      return result;
    } catch (error) {
      // One that met a lock is only an attempt: others follow.
      if (!isBusy(error)) watch.ran(sql, startedMs, isUniqueViolation(error) ? undefined : errorType(error));
      throw error;
    }
  }

  #exec(sql: string): void {
    const startedMs = this.#clock.monotonicMs();
    this.#database.exec(sql);
    this.#watch?.ran(sql, startedMs);
  }
}

/** The error that every kind of database throws for it. */
function mapped(error: unknown): unknown {
  return isUniqueViolation(error) ? new UniqueViolation(error) : mapSqliteError(error);
}

/** Tells the statements of a transaction from others. */
class SqliteConnection implements DatabaseConnection, OpenTransaction {
  readonly #driver: SqliteDriver;

  constructor(driver: SqliteDriver) {
    this.#driver = driver;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.execute<R>(query);
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    // All at once: an open cursor would hold up the checkpoint of the write-ahead log.
    yield await this.executeQuery<R>(query);
  }

  execute<R>(statement: ValuedStatement): Promise<QueryResult<R>> {
    return this.#driver.runFor<R>(this, statement);
  }

  /** At once: nobody is asked. */
  async executeLater(statement: ValuedStatement): Promise<void> {
    await this.execute(statement);
  }

  commit(): Promise<void> {
    return this.#driver.commitTransaction(this);
  }

  rollback(): Promise<unknown> {
    return this.#driver.rollback(this);
  }
}
