/** The words in which kinds of databases differ where tables are made. */
export interface SchemaWords {
  /** The type of a column `id`: a whole number that the database gives to each new row, and never again to another. */
  readonly newId: string;
  /** The type of a column of whole numbers up to 2^53. */
  readonly wholeNumber: string;
  /** The type of a column of texts of at most `maxLength` UTF-16 code units. Not every kind checks the length. */
  text(maxLength: number): string;
  /** What comes after the columns of a table, so that each holds only what it is declared for. May be empty. */
  readonly strictTable: string;
}

/** One step of a database's history. Once released it never changes: a correction is a new step. */
export type Migration = WrittenMigration | RetiredMigration;

/** A step that is still taken. */
export interface WrittenMigration {
  /** The file's name without its ending, for example `0001-create-users`. The order of ids is the order of steps. */
  readonly id: string;
  /** One or more SQL statements. Called at every start, to compare its text with the one that was applied. While it is blank, the step is not taken. */
  readonly sql: (words: SchemaWords) => string;
}

/** A step that should not have been one. Databases that have taken it keep what it did; in all others it does nothing. */
export interface RetiredMigration {
  readonly id: string;
  readonly retired: true;
}
