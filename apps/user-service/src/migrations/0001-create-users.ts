import type { Migration } from '@flotilla/kit/database';

/** `email_key` is the address in lower case: it makes addresses unique, ignoring case, in any database. */
export const createUsers: Migration = {
  id: '0001-create-users',
  sql: ({ newId, text, strictTable }) => `
    CREATE TABLE users (
      id ${newId},
      name ${text(100)} NOT NULL,
      email ${text(254)} NOT NULL,
      email_key ${text(254)} NOT NULL UNIQUE
    ) ${strictTable};
  `,
  down: () => 'DROP TABLE users;',
};
