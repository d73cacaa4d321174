import type { Seed } from '@flotilla/kit/database';

/** The three orders that all examples use. */
export const demoOrders: Seed = {
  table: 'orders',
  sql: `INSERT INTO orders (id, user_id, item, amount_cents) VALUES
    (1, 1, '商品A', 10000),
    (2, 1, '商品B', 20000),
    (3, 2, '商品C', 15000);`,
};
