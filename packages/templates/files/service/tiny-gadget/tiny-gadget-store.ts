import {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type RecordStore,
  recordStore,
} from '@flotilla/kit/database';
import { tinyGadgetMigrations } from './migrations/tiny-gadget-migrations.ts';
import type { TinyGadget } from './tiny-gadget.ts';

/** Where tiny gadgets are kept. What was acknowledged is still there after the process is killed. */
export type TinyGadgetStore = RecordStore<TinyGadget>;

/** Opens the database and brings it up to date. */
export function openTinyGadgetDatabase(where: Pick<DatabaseOptions, 'url' | 'clock'>): Promise<Database<unknown>> {
  return openDatabase({ ...where, migrations: tinyGadgetMigrations });
}

/** The tiny gadgets in a database. */
export function tinyGadgetStore(database: Database<unknown>): TinyGadgetStore {
  return recordStore<TinyGadget>(database, { table: 'tiny_gadgets', columns: ['id', 'name'] });
}
