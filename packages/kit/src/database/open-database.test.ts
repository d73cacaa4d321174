import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { isAppError } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { checksumOf } from './compare-migrations.ts';
import { DatabaseSetupError } from './database-setup-error.ts';
import type { Migration } from './migration.ts';
import { type Database, openDatabase } from './open-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-database-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Tables {
  readonly things: { readonly id: number };
}

const first: Migration = {
  id: '0001-create-things',
  sql: ({ newId, strictTable }) => `CREATE TABLE things (id ${newId}) ${strictTable};`,
};
const firstText = 'CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;';
const seed = { table: 'things', sql: 'INSERT INTO things VALUES (1), (2)' };

async function count(database: Database<Tables>): Promise<number> {
  const rows = await database.query.selectFrom('things').selectAll().execute();
  await database.close();
  return rows.length;
}

test('a file that another process has locked, since it makes it what it must be, is waited for', async () => {
  const file = join(folder, 'locked.db');
  const other = new DatabaseSync(file);
  other.exec('BEGIN EXCLUSIVE; CREATE TABLE theirs (x)');
  const clock = new FakeClock();
  const opening = openDatabase<Tables>({ url: `sqlite:${file}`, migrations: [first], clock });
  // The first attempt has been made: it does not wait for anything that could let this go on.
  other.exec('COMMIT');
  other.close();
  await clock.advanceAsync(1_000);
  assert.equal(await count(await opening), 0);
});

test('a new database gets its tables and first rows; deleted rows stay deleted', async () => {
  const url = `sqlite:${join(folder, 'new.db')}`;
  const database = await openDatabase<Tables>({ url, migrations: [first], seed });
  await database.check();
  await database.query.deleteFrom('things').where('id', '=', 1).execute();
  await database.close();
  assert.equal(await count(await openDatabase({ url, migrations: [first], seed })), 1);
});

test('many processes can open a new database at the same time', async () => {
  const program = `
    import { openDatabase } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const sql = () => 'CREATE TABLE things (x); INSERT INTO things VALUES (1)';
    const options = { url: ${JSON.stringify(`sqlite:${join(folder, 'shared.db')}`)}, migrations: [{ id: '0001', sql }] };
    const database = await openDatabase(options);
    console.log((await database.query.selectFrom('things').selectAll().execute()).length);`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const outputs = await Promise.all(Array.from({ length: 4 }, run));
  assert.deepEqual(
    outputs.map(({ stdout }) => stdout.trim()),
    ['1', '1', '1', '1'],
  );
});

test('a database of an earlier release keeps working: its own table of migrations is read and checked', async () => {
  const earlier = (name: string, checksum: string): string => {
    const file = join(folder, name);
    const database = new DatabaseSync(file);
    database.exec(`
      ${firstText} INSERT INTO things VALUES (7);
      CREATE TABLE flotilla_migrations (id TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT;
      INSERT INTO flotilla_migrations VALUES ('0001-create-things', '${checksum}', '2026-08-01T00:00:00.000Z')`);
    database.close();
    return `sqlite:${file}`;
  };
  const url = earlier('earlier.db', checksumOf(firstText));
  const second: Migration = { id: '0002-more', sql: () => 'INSERT INTO things VALUES (8)' };
  assert.equal(await count(await openDatabase({ url, migrations: [first, second] })), 2);
  assert.equal(await count(await openDatabase({ url, migrations: [first, second] })), 2);
  await assert.rejects(
    openDatabase({ url: earlier('edited.db', checksumOf('something else')), migrations: [first] }),
    /0001-create-things\.ts has changed since it was applied \(2026-08-01/,
  );
});

test('a database that cannot be opened or migrated is reported with what to do', async () => {
  const file = join(folder, 'text.db');
  writeFileSync(file, 'no database, and long enough to be looked at as if it were one'.repeat(20));
  await assert.rejects(openDatabase({ url: `sqlite:${file}`, migrations: [] }), DatabaseSetupError);
  const held = join(folder, 'held.db');
  const holder = new DatabaseSync(held);
  holder.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
  await assert.rejects(
    openDatabase({ url: `sqlite:${held}`, migrations: [first], migrateWaitMs: 0 }),
    (error) => isAppError(error) && error.code === 'STORAGE_UNAVAILABLE',
  );
  holder.exec('ROLLBACK');
  holder.close();
  assert.equal(await count(await openDatabase({ url: `sqlite:${held}`, migrations: [first] })), 0);
});

test('a health check during a transaction waits for its end, and does not disturb it', async () => {
  const url = `sqlite:${join(folder, 'checked.db')}`;
  const database = await openDatabase<Tables>({ url, migrations: [first] });
  const { checking } = await database.query.transaction().execute(async (transaction) => {
    await transaction.insertInto('things').values({ id: 1 }).execute();
    const begun = database.check();
    await new Promise((resolve) => setImmediate(resolve));
    await transaction.insertInto('things').values({ id: 2 }).execute();
    // In an object: what is returned is waited for before the transaction ends.
    return { checking: begun };
  });
  await checking;
  assert.equal(await count(database), 2);
});
