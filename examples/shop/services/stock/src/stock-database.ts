import type { DatabaseDefinition } from '@flotilla/kit/database';

/** A row of `items`. */
export interface ItemRow {
  readonly id: number;
  readonly name: string;
  /** How many there are, the reserved ones included. */
  readonly count: number;
}

/** A row of `reservations`. One that is held counts until it expires, so nothing has to run for it to end. */
export interface ReservationRow {
  /** Chosen by who reserves, so that a repeated request is known. */
  readonly id: string;
  readonly item: string;
  readonly count: number;
  readonly state: 'held' | 'confirmed' | 'released';
  /** Milliseconds since the Unix epoch. */
  readonly expires_at: number;
}

/** The tables, for the query builder. */
export interface StockTables {
  readonly items: ItemRow;
  readonly reservations: ReservationRow;
}

/** The database of stock. */
export const stockDatabase: DatabaseDefinition = {
  migrations: [
    {
      id: '0001-create-stock',
      sql: ({ newId, text, wholeNumber, strictTable }) => `
        CREATE TABLE items (
          id ${newId},
          name ${text(100)} NOT NULL UNIQUE,
          count ${wholeNumber} NOT NULL CHECK (count >= 0)
        ) ${strictTable};
        CREATE TABLE reservations (
          id ${text(36)} NOT NULL PRIMARY KEY,
          item ${text(100)} NOT NULL,
          count ${wholeNumber} NOT NULL,
          state ${text(10)} NOT NULL,
          expires_at ${wholeNumber} NOT NULL
        ) ${strictTable};
        CREATE INDEX reservations_by_item ON reservations (item, state);
      `,
    },
  ],
  demoData: { table: 'items', sql: `INSERT INTO items (name, count) VALUES ('apple', 100), ('pear', 1)` },
};
