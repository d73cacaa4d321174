import type { SchemaWords } from '../migration.ts';

/** SQLite's words. */
export const sqliteWords: SchemaWords = {
  // AUTOINCREMENT: without it, SQLite would reuse the id of a deleted last row.
  newId: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  wholeNumber: 'INTEGER',
  text: () => 'TEXT',
  longText: 'TEXT',
  strictTable: 'STRICT',
};
