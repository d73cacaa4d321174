import { type Database, type DatabaseDefinition, type RecordStore, recordStore } from '@flotilla/kit/database';
import { tinyGadgetMigrations } from './migrations/tiny-gadget-migrations.ts';
import type { TinyGadget } from './tiny-gadget.ts';

/** Stores tiny gadgets. Acknowledged writes survive a killed process. */
export type TinyGadgetStore = RecordStore<TinyGadget>;

/** The database, which the chassis opens and migrates. */
export const tinyGadgetDatabase: DatabaseDefinition = { migrations: tinyGadgetMigrations };

/** The tiny gadgets in a database. */
export function tinyGadgetStore(database: Database<unknown>): TinyGadgetStore {
  return recordStore<TinyGadget>(database, { table: 'tiny_gadgets', columns: ['id', 'name'] });
}
