import type { Migration } from '@flotilla/kit/database/sqlite';

/** `email_key` is the address in lower case: it makes addresses unique without regard to case in any database. */
export const createUsers: Migration = {
  id: '0001-create-users',
  // AUTOINCREMENT: without it SQLite would give the id of a deleted last row to the next user.
  sql: `
    CREATE TABLE users (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,
      email TEXT NOT NULL,
      email_key TEXT NOT NULL UNIQUE
    ) STRICT;
  `,
};
