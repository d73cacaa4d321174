import type { Migration } from '@flotilla/kit/database';
import { createTinyGadgets } from './0001-create-tiny-gadgets.ts';

/** The history of the database. Add new migrations at the end; never change a released one. */
export const tinyGadgetMigrations: readonly Migration[] = [createTinyGadgets];
