import type { Migration } from '@flotilla/kit/database';
import { createTinyGadgets } from './0001-create-tiny-gadgets.ts';

/** The history of the database. New steps go to the end; one that was released never changes. */
export const tinyGadgetMigrations: readonly Migration[] = [createTinyGadgets];
