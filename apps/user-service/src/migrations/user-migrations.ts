import type { Migration } from '@flotilla/kit/database';
import { createUsers } from './0001-create-users.ts';
import { seedUsers } from './0002-seed-users.ts';
import { idempotencyKeys } from './0003-idempotency-keys.ts';
import { createEvents } from './0004-create-events.ts';
import { cacheStateTable } from './0005-cache-state.ts';
import { addEventBaggage } from './0006-event-baggage.ts';

/** The migrations of the users' database. Add new ones at the end; released ones never change. */
export const userMigrations: readonly Migration[] = [
  createUsers,
  seedUsers,
  idempotencyKeys,
  createEvents,
  cacheStateTable,
  addEventBaggage,
];
