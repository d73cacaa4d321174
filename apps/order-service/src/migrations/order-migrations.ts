import type { Migration } from '@flotilla/kit/database';
import { createOrders } from './0001-create-orders.ts';
import { seedOrders } from './0002-seed-orders.ts';

/** The history of the orders' database. New steps go to the end; released ones never change. */
export const orderMigrations: readonly Migration[] = [createOrders, seedOrders];
