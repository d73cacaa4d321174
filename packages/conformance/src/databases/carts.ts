import {
  type Database,
  type DatabaseOptions,
  type Migration,
  openDatabase,
  type RecordStore,
  recordStore,
} from '@flotilla/kit/database';
import { patientClock } from './patient-clock.ts';

/** A row of the table that the suite works on. */
export interface CartRow {
  readonly id: number;
  readonly owner: string;
  readonly note: string | null;
  readonly total_cents: number;
}

const createCarts: Migration = {
  id: '0001-create-carts',
  sql: ({ newId, text, longText, wholeNumber, strictTable }) => `
    CREATE TABLE carts (
      id ${newId},
      owner ${text(50)} NOT NULL UNIQUE,
      note ${text(200)},
      total_cents ${wholeNumber} NOT NULL CHECK (total_cents >= 0)
    ) ${strictTable};
    CREATE INDEX carts_by_note ON carts (note, id);
    CREATE TABLE papers (id ${newId}, body ${longText} NOT NULL) ${strictTable};
  `,
};

/** The tables, for queries beyond those of a store. */
export interface CartTables {
  readonly carts: CartRow;
}

/** An open database with carts. */
export interface CartDatabase extends AsyncDisposable {
  readonly database: Database<CartTables>;
  readonly carts: RecordStore<CartRow>;
}

/** Opens a database that has carts. Default clock: a patient one. */
export async function openCarts(
  url: string,
  options: Omit<DatabaseOptions, 'url' | 'migrations'> = {},
): Promise<CartDatabase> {
  const database = await openDatabase<CartTables>({ url, migrations: [createCarts], clock: patientClock, ...options });
  return { database, carts: cartsIn(database), [Symbol.asyncDispose]: () => database.close() };
}

/** The carts in a database. */
export function cartsIn(database: Database<CartTables>): RecordStore<CartRow> {
  // A store works on any table.
  return recordStore<CartRow>(database as unknown as Database<unknown>, {
    table: 'carts',
    columns: ['id', 'owner', 'note', 'total_cents'],
  });
}
