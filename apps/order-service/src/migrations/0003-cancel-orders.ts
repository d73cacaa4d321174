import type { Migration } from '@flotilla/kit/database';

/** When an order was cancelled, in milliseconds since 1970; NULL while it is open. */
export const cancelOrders: Migration = {
  id: '0003-cancel-orders',
  sql: ({ wholeNumber }) => `
    ALTER TABLE orders ADD COLUMN cancelled_at ${wholeNumber};
  `,
  down: () => 'ALTER TABLE orders DROP COLUMN cancelled_at;',
};
