import type { Migration } from '@flotilla/kit/database/sqlite';

/** Money is kept in whole cents: binary fractions can't hold most decimal ones. */
export const createOrders: Migration = {
  id: '0001-create-orders',
  // AUTOINCREMENT: without it SQLite would give the id of a deleted last row to the next order.
  sql: `
    CREATE TABLE orders (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      user_id INTEGER NOT NULL,
      item TEXT NOT NULL,
      amount_cents INTEGER NOT NULL CHECK (amount_cents > 0)
    ) STRICT;
    CREATE INDEX orders_by_user ON orders (user_id, id);
  `,
};
