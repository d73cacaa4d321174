/** The SQL words for tables in which kinds of databases differ. */
export interface SchemaWords {
  /** The type of a column `id`: a whole number that the database assigns to each new row and never reuses. */
  readonly newId: string;
  /** The type of a column of whole numbers up to 2^53. */
  readonly wholeNumber: string;
  /** The type of a column of texts of at most `maxLength` UTF-16 code units. Not every kind checks the length. */
  text(maxLength: number): string;
  /** The type of a column of texts of up to 1 MiB, for JSON and the like. It cannot be indexed. */
  readonly longText: string;
  /** The clause after the columns of a table that enforces their types. May be empty. */
  readonly strictTable: string;
}

/** One step of a database's history. Once released, it never changes: a correction is a new migration. */
export type Migration = WrittenMigration | RetiredMigration;

/** A migration that is still applied. */
export interface WrittenMigration {
  /** The file's name without its extension, for example `0001-create-users`. Migrations run in the order of their ids. */
  readonly id: string;
  /**
   * One or more SQL statements. Called at every start, to compare its text with the applied one. While it is blank, or only
   * comments, it is skipped.
   */
  readonly sql: (words: SchemaWords) => string;
  /**
   * The statements that take it back, for `migrate down`. Default: it cannot be taken back. One that is added later is accepted;
   * once it is recorded, it never changes either.
   */
  readonly down?: (words: SchemaWords) => string;
  /**
   * Whether the release before this one works with the changed tables, so that it may be put back without taking the migration
   * back: it adds a table, or a column that may stay empty, say. Default false: an older release then refuses to start.
   */
  readonly backwardCompatible?: boolean;
  /**
   * Whether its statements run one by one, each for itself. For what PostgreSQL does not do in a transaction, such as
   * `CREATE INDEX CONCURRENTLY`. Default false. MySQL and MariaDB always run them so, and SQLite never.
   */
  readonly withoutTransaction?: boolean;
}

/** A migration that was withdrawn. Databases that have it keep what it did; in all others it does nothing. */
export interface RetiredMigration {
  readonly id: string;
  readonly retired: true;
}
