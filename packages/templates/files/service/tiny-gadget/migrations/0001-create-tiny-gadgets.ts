import type { Migration } from '@flotilla/kit/database';

export const createTinyGadgets: Migration = {
  id: '0001-create-tiny-gadgets',
  sql: ({ newId, text, strictTable }) => `
    CREATE TABLE tiny_gadgets (
      id ${newId},
      name ${text(100)} NOT NULL
    ) ${strictTable};
  `,
  down: () => 'DROP TABLE tiny_gadgets;',
};
