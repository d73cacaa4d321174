import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openDatabase } from '@flotilla/kit/database';
import { userDatabase, userStore } from './users.ts';

test('a database of the first release still works: its original SQL has not changed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-users-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'users.db');
  const first = new DatabaseSync(file);
  first.exec(`
    CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, email TEXT NOT NULL, email_key TEXT NOT NULL UNIQUE) STRICT;
    INSERT INTO users VALUES (7, 'Ada', 'Ada@example.com', 'ada@example.com');
    CREATE TABLE flotilla_migrations (id TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT;
    INSERT INTO flotilla_migrations VALUES
      ('0001-create-users', 'ce5fc3851120734bd0832ef9ecb455d81c5c9cdf437e33c320daba1204531250', '2026-08-01T00:00:00.000Z')`);
  first.close();
  const database = await openDatabase({ url: `sqlite:${file}`, ...userDatabase, seed: userDatabase.demoData });
  const users = userStore(database, { add: async () => undefined, attribute: () => undefined });
  assert.equal((await users.find(7))?.name, 'Ada');
  assert.equal((await users.add({ name: 'B', email: 'b@example.com' })).id, 8);
  await database.close();
});
