import type { Migration } from '@flotilla/kit/database';
import { createOrders } from './0001-create-orders.ts';
import { seedOrders } from './0002-seed-orders.ts';
import { cancelOrders } from './0003-cancel-orders.ts';
import { knownUsers } from './0004-known-users.ts';
import { idempotencyKeys } from './0005-idempotency-keys.ts';
import { createEvents } from './0006-create-events.ts';
import { cacheStateTable } from './0007-cache-state.ts';
import { addEventBaggage } from './0008-event-baggage.ts';

/** The migrations of the orders' database. Add new ones at the end; released ones never change. */
export const orderMigrations: readonly Migration[] = [
  createOrders,
  seedOrders,
  cancelOrders,
  knownUsers,
  idempotencyKeys,
  createEvents,
  cacheStateTable,
  addEventBaggage,
];
