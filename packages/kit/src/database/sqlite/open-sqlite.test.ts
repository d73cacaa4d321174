import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { isAppError } from '@flotilla/contracts';
import { DatabaseSetupError } from '../database-setup-error.ts';
import { kyselyDatabase } from './kysely-database.ts';
import { openSqlite } from './open-sqlite.ts';
import { isUniqueViolation } from './sqlite-errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-sqlite-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('missing folders are created, and the database is in the safe modes', () => {
  const database = openSqlite({ file: join(folder, 'deep/er/x.db') });
  const pragma = (name: string): unknown => database.prepare(`PRAGMA ${name}`).get()?.[name];
  assert.equal(pragma('journal_mode'), 'wal');
  assert.equal(pragma('synchronous'), 2);
  assert.equal(pragma('foreign_keys'), 1);
  database.close();
});

test('a file that is no database is named with what to do', () => {
  const file = join(folder, 'text.db');
  writeFileSync(file, 'this is not a database, and long enough to be looked at as if it were one'.repeat(20));
  assert.throws(
    () => openSqlite({ file }),
    (error) => {
      assert.ok(error instanceof DatabaseSetupError);
      assert.match(error.message, /text\.db can't be opened \(not a database\).*DATABASE_URL/);
      return true;
    },
  );
});

test('a folder that can not be created is told, also where the system has no end of trying', () => {
  for (const file of [join(folder, 'text.db', 'below-a-file.db'), '/proc/flotilla/x.db']) {
    assert.throws(() => openSqlite({ file }), DatabaseSetupError, file);
  }
});

test('a write lock held too long by another process is STORAGE_UNAVAILABLE', () => {
  const file = join(folder, 'locked.db');
  const holder = openSqlite({ file });
  holder.exec('CREATE TABLE t (x)');
  const waiting = openSqlite({ file, busyTimeoutMs: 1 });
  holder.exec('BEGIN IMMEDIATE');
  const insert = kyselyDatabase(waiting).prepare('INSERT INTO t VALUES (?)');
  assert.throws(
    () => insert.run([1]),
    (error) => isAppError(error) && error.code === 'STORAGE_UNAVAILABLE',
  );
  holder.exec('ROLLBACK');
  insert.run([1]);
  holder.close();
  waiting.close();
});

test('a broken uniqueness rule is told apart from a broken database', () => {
  const database = openSqlite({ file: ':memory:' });
  const kysely = kyselyDatabase(database);
  database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, n INTEGER CHECK (n > 0))');
  const insert = kysely.prepare('INSERT INTO t VALUES (?, ?, ?)');
  insert.run([1, 'a', 1]);
  assert.throws(() => insert.run([1, 'b', 1]), isUniqueViolation);
  assert.throws(() => insert.run([2, 'a', 1]), isUniqueViolation);
  assert.throws(
    () => insert.run([2, 'b', 0]),
    (error) => !isUniqueViolation(error) && !isAppError(error),
  );
  kysely.close();
});

test('many processes may open a new database at the same moment', async () => {
  const file = join(folder, 'shared.db');
  const program = `
    import { openSqlite, migrate } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const database = openSqlite({ file: ${JSON.stringify(file)} });
    const applied = migrate(database, [{ id: '0001', sql: 'CREATE TABLE t (x); INSERT INTO t VALUES (1)' }], 0);
    console.log(applied.length);`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const outputs = await Promise.all(Array.from({ length: 4 }, run));
  const applied = outputs.map(({ stdout }) => stdout.trim()).sort();
  assert.deepEqual(applied, ['0', '0', '0', '1']);
});

test('a new database that another process is writing to is waited for', async () => {
  const file = join(folder, 'written.db');
  const held = new Int32Array(new SharedArrayBuffer(4));
  const writer = new Worker(
    `const { DatabaseSync } = require('node:sqlite');
     const { file, held } = require('node:worker_threads').workerData;
     const database = new DatabaseSync(file);
     database.exec('CREATE TABLE t (x); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)');
     Atomics.store(held, 0, 1);
     Atomics.notify(held, 0);
     Atomics.wait(held, 0, 1, 100);
     database.exec('COMMIT');
     database.close();`,
    { eval: true, workerData: { file, held } },
  );
  await Atomics.waitAsync(held, 0, 0).value;
  const database = openSqlite({ file, busyTimeoutMs: 30_000 });
  assert.equal(database.prepare('SELECT count(*) AS n FROM t').get()?.['n'], 1);
  database.close();
  await once(writer, 'exit');
});

test('the data can be read by its owner alone', { skip: process.platform === 'win32' }, () => {
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  const before = process.umask(0o022);
  try {
    const file = join(folder, 'new', 'private.db');
    const database = openSqlite({ file });
    database.exec('CREATE TABLE t (x); INSERT INTO t VALUES (1)');
    assert.equal(modeOf(join(folder, 'new')), '700');
    for (const name of [file, `${file}-wal`, `${file}-shm`]) assert.equal(modeOf(name), '600', name);
    // Left open to all by an earlier version, as after a crash.
    for (const name of [file, `${file}-wal`]) chmodSync(name, 0o644);
    openSqlite({ file }).close();
    for (const name of [file, `${file}-wal`]) assert.equal(modeOf(name), '600', name);
    database.close();
    // Opened for a group on purpose.
    chmodSync(file, 0o640);
    openSqlite({ file }).close();
    assert.equal(modeOf(file), '640');
  } finally {
    process.umask(before);
  }
});
