import type { Migration } from '@flotilla/kit/sqlite';

/** The two users everybody begins with. */
export const seedUsers: Migration = {
  id: '0002-seed-users',
  sql: `
    INSERT INTO users (id, name, email, email_key) VALUES
      (1, 'Alice', 'alice@example.com', 'alice@example.com'),
      (2, 'Bob', 'bob@example.com', 'bob@example.com');
  `,
};
