import type { Seed } from '@flotilla/kit/database';

/** The two users that all examples use. */
export const demoUsers: Seed = {
  table: 'users',
  sql: `INSERT INTO users (id, name, email, email_key) VALUES
    (1, 'Alice', 'alice@example.com', 'alice@example.com'),
    (2, 'Bob', 'bob@example.com', 'bob@example.com');`,
};
