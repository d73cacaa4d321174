import type { Migration } from '@flotilla/kit/database/sqlite';

/** The history of the registry's database. Released steps never change; a correction is a new step. */
export const migrations: readonly Migration[] = [
  {
    id: '0001-create-instances',
    // The revision has a row of its own: the highest one among the instances would go back when the last is deleted.
    sql: `
      CREATE TABLE instances (
        name TEXT NOT NULL,
        id TEXT NOT NULL,
        address TEXT NOT NULL,
        port INTEGER NOT NULL,
        tags TEXT NOT NULL,
        metadata TEXT NOT NULL,
        weight INTEGER NOT NULL,
        status TEXT NOT NULL,
        lease_ms INTEGER NOT NULL,
        registered_at TEXT NOT NULL,
        last_seen_ms INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        PRIMARY KEY (name, id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE registry (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        revision INTEGER NOT NULL
      ) STRICT;
      INSERT INTO registry (only_row, revision) VALUES (1, 0);
    `,
  },
  {
    id: '0002-tokens-history-maintenance',
    // Until now an operator's maintenance stood in the place of what the instance says of itself.
    sql: `
      ALTER TABLE instances ADD COLUMN token TEXT;
      CREATE TABLE maintenance (
        name TEXT NOT NULL,
        id TEXT NOT NULL,
        gone_ms INTEGER,
        PRIMARY KEY (name, id)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO maintenance (name, id) SELECT name, id FROM instances WHERE status = 'maintenance';
      UPDATE instances SET status = 'passing' WHERE status = 'maintenance';
      ALTER TABLE registry ADD COLUMN history TEXT NOT NULL DEFAULT '';
      ALTER TABLE registry ADD COLUMN alive_ms INTEGER NOT NULL DEFAULT 0;
    `,
  },
];
