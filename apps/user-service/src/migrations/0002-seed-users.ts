import type { Migration } from '@flotilla/kit/database/sqlite';

/** Retired: demonstration rows are no part of a database's history. New databases get them as a seed, if at all. */
export const seedUsers: Migration = {
  id: '0002-seed-users',
  retired: true,
  sql: `
    INSERT INTO users (id, name, email, email_key) VALUES
      (1, 'Alice', 'alice@example.com', 'alice@example.com'),
      (2, 'Bob', 'bob@example.com', 'bob@example.com');
  `,
};
