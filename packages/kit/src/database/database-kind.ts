import type { Dialect, Kysely, QueryResult } from 'kysely';
import type { SchemaWords } from './migration.ts';
import type { SetupFailure } from './setup-failure.ts';

/** Rows that a new database gets, to have something to show. */
export interface Seed {
  /** Their table. Its ids must be `newId`s: they tell whether the table ever had a row. */
  readonly table: string;
  /** The statement that inserts them. */
  readonly sql: string;
}

/** A statement with its values. */
export interface ValuedStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * A transaction that has begun, and must be ended: with `commit`, and with `rollback` if anything fails, the commit included. Its
 * methods throw what the driver of the dialect throws.
 */
export interface OpenTransaction {
  execute<Row>(statement: ValuedStatement): Promise<QueryResult<Row>>;
  /** Runs a statement at the latest before the transaction takes effect, in the order of the calls. If it fails, nothing takes effect. */
  executeLater(statement: ValuedStatement): Promise<void>;
  commit(): Promise<void>;
  /**
   * Never rejects. Resolves with an error to tell instead of the one that led to this, if that may follow from what others wrote
   * and what did not take effect; otherwise with undefined.
   */
  rollback(): Promise<unknown>;
}

/**
 * An open database, as each kind provides it to the code that all kinds share. The dialect's driver throws STORAGE_UNAVAILABLE
 * if the database cannot do its work and `UniqueViolation` if a value is taken; it waits for a second or two for the locks of
 * others, and holds up nobody else meanwhile.
 */
export interface OpenDatabase {
  /** Which kind it is, for what only migrations and their lock must know. `mysql`: MariaDB as well. */
  readonly name: 'sqlite' | 'postgres' | 'mysql';
  readonly dialect: Dialect;
  readonly words: SchemaWords;
  /** Runs one prepared statement, outside of any transaction, without Kysely's overhead. */
  run<Row>(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
  /** Begins a transaction, without Kysely's overhead. */
  begin(): Promise<OpenTransaction>;
  /**
   * Gives `work` a connection that migrations may use for long: its statements have no time limit, and wait for the locks of
   * others for as long as those take, while the server answers. It is closed afterwards. For SQLite it is the one connection.
   */
  forMigrations<T>(work: (connection: Kysely<unknown>) => Promise<T>): Promise<T>;
  /** Runs SQL of several statements on the connection, or in the transaction, of `on`. */
  runScript(sql: string, on: Kysely<unknown>): Promise<void>;
  /**
   * Inserts a table's first rows if it never had any: deleted rows do not come back with the next start. Several instances
   * may start at once. Returns whether the rows were inserted now.
   */
  seedOnce(seed: Seed): Promise<boolean>;
  /** Rejects with a message for the log if the database does not work. Reading alone is not enough. */
  check(): Promise<void>;
  /** Closes all connections. Statements that still run reject. */
  close(): Promise<void>;
  /** Whether `error` only means that others keep the database busy, so that a retry makes sense. */
  isBusy(error: unknown): boolean;
  /** Why the database cannot be used, if that is what `error` says; also if that is only the cause of `error`. */
  failureOf(error: unknown): SetupFailure | undefined;
  /** Describes an error of the database, for messages at start. Never shows a password. */
  describe(error: unknown): string;
}
