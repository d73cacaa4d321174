import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Clock } from '@flotilla/contracts';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { OpenTransaction, ValuedStatement } from '../database-kind.ts';
import type { StatementWatch } from '../statement-watch.ts';
import { UniqueViolation } from '../unique-violation.ts';
import { errorType, isBusy, isUniqueViolation, mapSqliteError } from './sqlite-errors.ts';
import { whenUnlocked } from './when-unlocked.ts';

/** How many statements stay prepared. A service has a few dozen; with more, values are probably written into the SQL. */
const maxKeptStatements = 100;

interface KeptStatement {
  readonly statement: StatementSync;
  /** The columns of its rows; empty for a statement that returns no rows. */
  names: readonly string[];
  /** Whether it may return all columns of a table, which are others once another process has changed the table. */
  readonly namesMayChange: boolean;
}

/**
 * Kysely's driver for one open SQLite database. Statements stay prepared. There is one connection, which statements share,
 * since each is over before the next begins; a transaction has it to itself. No statement waits for another process's lock,
 * which would hold up the whole program: the driver waits between attempts, while others go on.
 */
export class SqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #watch: StatementWatch | undefined;
  readonly #kept = new Map<string, KeptStatement>();
  /** Whose transaction is open. */
  #owner: DatabaseConnection | undefined;
  /** Those who wait for its end, in the order in which they came. One at a time is told: all but one of many would wait again. */
  readonly #waiting: (() => void)[] = [];
  /** Whether one of them has been told, and has not come yet. */
  #isCalled = false;

  constructor(database: DatabaseSync, clock: Clock, watch?: StatementWatch) {
    this.#database = database;
    this.#clock = clock;
    this.#watch = watch;
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
    return this.run(owner, () => this.#takeLock(owner));
  }

  async commitTransaction(owner: DatabaseConnection): Promise<void> {
    await this.run(owner, () => this.#exec('COMMIT'));
    this.#endTransaction();
  }

  async rollbackTransaction(): Promise<void> {
    try {
      // Some failures have rolled it back already.
      if (this.#database.isTransaction) this.#exec('ROLLBACK');
    } finally {
      this.#endTransaction();
    }
  }

  /** Begins a transaction, without Kysely's overhead; at once, if nothing is in its way. */
  async begin(): Promise<SqliteConnection> {
    const owner = new SqliteConnection(this);
    const isFree = this.#owner === undefined && this.#waiting.length === 0 && !this.#isCalled;
    if (!isFree || !this.#tryNow(() => this.#takeLock(owner))) await this.beginTransaction(owner);
    return owner;
  }

  /** Ends a transaction, as `commitTransaction` does; at once, if nothing is in its way. */
  async commit(owner: DatabaseConnection): Promise<void> {
    if (!this.#tryNow(() => this.#exec('COMMIT'))) return this.commitTransaction(owner);
    this.#endTransaction();
  }

  async destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Runs one statement outside of any transaction; at once, if nothing is in its way. */
  async runAlone<R>(sql: string, parameters: readonly unknown[]): Promise<readonly R[]> {
    return (await this.runFor<R>(undefined, { sql, parameters })).rows;
  }

  /** Runs one statement of `owner`'s transaction, or outside of any; at once, if nothing is in its way. */
  async runFor<R>(
    owner: DatabaseConnection | undefined,
    { sql, parameters }: ValuedStatement,
  ): Promise<QueryResult<R>> {
    if (this.#owner === owner) {
      try {
        return this.execute<R>(sql, parameters);
      } catch (error) {
        const known = mapped(error);
        if (!isBusy(known)) throw known;
      }
    }
    return this.run(owner, () => this.execute<R>(sql, parameters));
  }

  /** Runs `work` when no other connection is in a transaction, and retries while another process has the lock. */
  run<T>(owner: DatabaseConnection | undefined, work: () => T): Promise<T> {
    return whenUnlocked(() => this.runWhenFree(owner, work), { clock: this.#clock });
  }

  /** Runs `work` when no other connection is in a transaction. */
  async runWhenFree<T>(owner: DatabaseConnection | undefined, work: () => T): Promise<T> {
    if (this.#owner !== undefined && this.#owner !== owner) {
      const sinceMs = this.#clock.monotonicMs();
      while (this.#owner !== undefined && this.#owner !== owner) await this.#turn();
      this.#watch?.waited(sinceMs);
    }
    try {
      return work();
    } catch (error) {
      throw mapped(error);
    } finally {
      if (this.#owner === undefined) this.#callNext();
    }
  }

  /** Runs one statement, at once. */
  execute<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    const watch = this.#watch;
    if (watch === undefined) return this.#execute<R>(sql, parameters);
    const startedMs = this.#clock.monotonicMs();
    try {
      const result = this.#execute<R>(sql, parameters);
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

  #execute<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    const kept = this.#statementOf(sql);
    const { statement } = kept;
    // Kysely's type is unknown; the database refuses what it cannot bind with a TypeError.
    const values = parameters as readonly SQLInputValue[];
    if (kept.names.length > 0) return { rows: rowsOf<R>(kept, statement.all(...values)) };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  #takeLock(owner: DatabaseConnection): void {
    // With the write lock from the start: a later lock can come too late for what was read.
    this.#exec('BEGIN IMMEDIATE');
    this.#owner = owner;
  }

  /** Whether it worked; false: another process has the lock. */
  #tryNow(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      const known = mapped(error);
      if (isBusy(known)) return false;
      throw known;
    }
  }

  #statementOf(sql: string): KeptStatement {
    const known = this.#kept.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    const kept = { statement, names: namesOf(statement), namesMayChange: sql.includes('*') };
    // Node would make slow objects of the rows, building each from the names, and serializing those is slow as well.
    statement.setReturnArrays(true);
    if (this.#kept.size >= maxKeptStatements) this.#kept.clear();
    this.#kept.set(sql, kept);
    return kept;
  }

  #endTransaction(): void {
    this.#owner = undefined;
    this.#callNext();
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    this.#isCalled = false;
  }

  #callNext(): void {
    const next = this.#isCalled ? undefined : this.#waiting.shift();
    if (next === undefined) return;
    this.#isCalled = true;
    next();
  }
}

function namesOf(statement: StatementSync): readonly string[] {
  return statement.columns().map(({ name }) => name);
}

/** The rows as objects, with the types that Kysely derived for the query. */
function rowsOf<R>(kept: KeptStatement, rows: unknown): R[] {
  // The statement returns arrays; Node's types only know those that return objects.
  const lists = rows as unknown[][];
  // After the rows: SQLite notices a changed table when it runs the statement.
  if (kept.namesMayChange) kept.names = namesOf(kept.statement);
  return lists.map((list) => rowOf(kept.names, list) as R);
}

function rowOf(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < names.length; index += 1) row[names[index] ?? ''] = values[index];
  return row;
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
    return this.#driver.commit(this);
  }

  async rollback(): Promise<void> {
    // What it would say, of a database that was closed for example, would hide why the transaction has failed.
    await this.#driver.rollbackTransaction().catch(() => undefined);
  }
}
