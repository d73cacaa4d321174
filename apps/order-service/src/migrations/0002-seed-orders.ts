import type { Migration } from '@flotilla/kit/database/sqlite';

/** Retired: demonstration rows are no part of a database's history. New databases get them as a seed, if at all. */
export const seedOrders: Migration = {
  id: '0002-seed-orders',
  retired: true,
  sql: `
    INSERT INTO orders (id, user_id, item, amount_cents) VALUES
      (1, 1, '商品A', 10000),
      (2, 1, '商品B', 20000),
      (3, 2, '商品C', 15000);
  `,
};
