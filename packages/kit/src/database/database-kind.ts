import type { Dialect } from 'kysely';
import type { SchemaWords } from './migration.ts';

/** Rows a database is given once, to have something to show. */
export interface Seed {
  /** The table they go to. Its ids must be `newId`s: that is how the database knows whether it ever had a row. */
  readonly table: string;
  /** The statement that puts them there. */
  readonly sql: string;
}

/**
 * A database that is open, as its kind shows it to what all kinds have in common. Its connections are the dialect's, and
 * are closed with it. The dialect's driver throws STORAGE_UNAVAILABLE when the database could not do its work and
 * `UniqueViolation` where a value is taken; it waits for locks of other processes, for at most a second, and holds up
 * nobody else meanwhile. A transaction excludes other writers from its beginning.
 */
export interface OpenDatabase {
  readonly dialect: Dialect;
  readonly words: SchemaWords;
  /** Runs one statement that was made before, outside of every transaction: without the ways that Kysely's queries go. */
  run<Row>(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
  /** Runs SQL of several statements inside the transaction that is open. */
  runScript(sql: string): Promise<void>;
  /**
   * Gives a table its first rows, if it never had one: what somebody has deleted does not come back with the next start.
   * Several instances may start at once. Gives whether the rows were put there now.
   */
  seedOnce(seed: Seed): Promise<boolean>;
  /** Rejects with a message for the log when the database does not do its work. Reading alone is not enough. */
  check(): Promise<void>;
  /** Whether `error` only means that others keep the database busy: worth another try. */
  isBusy(error: unknown): boolean;
  /** What an error says about the database, in words, for messages at start. */
  describe(error: unknown): string;
}
