import type { Migration } from '@flotilla/kit/database/sqlite';

/** The history of the registry's database. Released steps never change; a correction is a new step. */
export const migrations: readonly Migration[] = [
  {
    id: '0001-create-instances',
    // The revision has a row of its own: the highest one among the instances would go back when the last is deleted.
    sql: () => `
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
    sql: () => `
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
  {
    id: '0003-log-of-records',
    // What an instance's process reports becomes a record of its own. Which change made a record was not kept before, nor
    // which one changed a wish. With row ids new records stand together, whatever their keys: a commit writes few pages. Text that is no JSON becomes null: whoever reads the record then says which one is damaged.
    sql: () => `
      CREATE TABLE records (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        owner TEXT,
        seen_ms INTEGER,
        created_revision INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        PRIMARY KEY (kind, key)
      ) STRICT;
      INSERT INTO records (kind, key, value, owner, seen_ms, created_revision, revision)
        SELECT 'instance', name || '/' || id,
          json_patch(
            json_object(
              'name', name, 'id', id, 'address', address, 'port', port,
              'tags', json(iif(json_valid(tags), tags, 'null')), 'metadata', json(iif(json_valid(metadata), metadata, 'null')),
              'weight', weight, 'lease_ms', lease_ms, 'registered_at', registered_at),
            json_object('token', token)),
          'only', last_seen_ms, revision, revision
        FROM instances;
      INSERT INTO records (kind, key, value, created_revision, revision)
        SELECT 'check', name || '/' || id || '/process',
          json_object('name', name, 'id', id, 'check', 'process', 'status', status), revision, revision
        FROM instances WHERE status <> 'passing';
      INSERT INTO records (kind, key, value, created_revision, revision)
        SELECT 'maintenance', name || '/' || id,
          json_patch(json_object('name', name, 'id', id), json_object('goneMs', gone_ms)), registry.revision, registry.revision
        FROM maintenance, registry;
      DROP TABLE instances;
      DROP TABLE maintenance;
    `,
  },
  {
    id: '0004-trail',
    // Lines stand in the order they were written in, so a new one goes to the last page and the oldest go together.
    sql: () => `
      CREATE TABLE trail (
        place INTEGER PRIMARY KEY,
        revision INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        service TEXT,
        text TEXT NOT NULL
      ) STRICT;
    `,
  },
];
