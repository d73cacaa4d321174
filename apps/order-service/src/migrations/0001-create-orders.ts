import type { Migration } from '@flotilla/kit/database';

/** Money is stored in whole cents: binary fractions cannot represent most decimal ones. */
export const createOrders: Migration = {
  id: '0001-create-orders',
  sql: ({ newId, wholeNumber, text, strictTable }) => `
    CREATE TABLE orders (
      id ${newId},
      user_id ${wholeNumber} NOT NULL,
      item ${text(200)} NOT NULL,
      amount_cents ${wholeNumber} NOT NULL CHECK (amount_cents > 0)
    ) ${strictTable};
    CREATE INDEX orders_by_user ON orders (user_id, id);
  `,
  down: () => 'DROP TABLE orders;',
};
