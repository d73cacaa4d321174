import {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type RecordStore,
  recordStore,
} from '@flotilla/kit/database';
import { tinyGadgetMigrations } from './migrations/tiny-gadget-migrations.ts';
import type { TinyGadget } from './tiny-gadget.ts';

/** Stores tiny gadgets. Acknowledged writes survive a killed process. */
export type TinyGadgetStore = RecordStore<TinyGadget>;

/** Opens the database and applies missing migrations. */
export function openTinyGadgetDatabase(where: Pick<DatabaseOptions, 'url' | 'clock'>): Promise<Database<unknown>> {
  return openDatabase({ ...where, migrations: tinyGadgetMigrations });
}

/** The tiny gadgets in a database. */
export function tinyGadgetStore(database: Database<unknown>): TinyGadgetStore {
  return recordStore<TinyGadget>(database, { table: 'tiny_gadgets', columns: ['id', 'name'] });
}
