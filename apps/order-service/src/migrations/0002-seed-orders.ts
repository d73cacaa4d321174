import type { Migration } from '@flotilla/kit/database';

/** Example rows are not part of a database's history. New databases get them as a seed, if at all. */
export const seedOrders: Migration = { id: '0002-seed-orders', retired: true };
