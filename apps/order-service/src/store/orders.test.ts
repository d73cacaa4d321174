import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openDatabase } from '@flotilla/kit/database';
import { orderDatabase, orderStore } from './orders.ts';

test('a database of the first release still works: its original SQL has not changed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-orders-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'orders.db');
  const first = new DatabaseSync(file);
  first.exec(`
    CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, item TEXT NOT NULL, amount_cents INTEGER NOT NULL) STRICT;
    INSERT INTO orders VALUES (7, 2, 'Tea', 29);
    CREATE TABLE flotilla_migrations (id TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT;
    INSERT INTO flotilla_migrations VALUES
      ('0001-create-orders', '42750bda21c7a07cacf65a71d4db4bfe04a10a63f3e9de3a411ba9200bc1f24e', '2026-08-01T00:00:00.000Z')`);
  first.close();
  const database = await openDatabase({ url: `sqlite:${file}`, ...orderDatabase, seed: orderDatabase.demoData });
  const orders = orderStore(database, { add: async () => undefined, attribute: () => undefined });
  assert.deepEqual(await orders.find(7), { id: 7, user_id: 2, item: 'Tea', amount: 0.29 });
  assert.equal((await orders.page({}, { user_id: 2 })).rows.length, 1);
  await database.close();
});
