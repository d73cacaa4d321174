import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { DatabaseSetupError } from '../database-setup-error.ts';
import { openSqlite } from './open-sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-sqlite-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('missing folders are created, and the database uses the safe modes', () => {
  const database = openSqlite({ file: join(folder, 'deep/er/x.db') });
  const pragma = (name: string): unknown => database.prepare(`PRAGMA ${name}`).get()?.[name];
  assert.equal(pragma('journal_mode'), 'wal');
  assert.equal(pragma('synchronous'), 2);
  assert.equal(pragma('foreign_keys'), 1);
  database.close();
});

test('a file that is not a database is named with what to do', () => {
  const file = join(folder, 'text.db');
  writeFileSync(file, 'this is not a database, and long enough to be looked at as if it were one'.repeat(20));
  assert.throws(
    () => openSqlite({ file }),
    (error) => {
      assert.ok(error instanceof DatabaseSetupError);
      assert.match(error.message, /Cannot open the database .*text\.db \(not a database\).*DATABASE_URL/);
      return true;
    },
  );
});

test('a folder that cannot be created is reported, even where the system would try forever', () => {
  for (const file of [join(folder, 'text.db', 'below-a-file.db'), '/proc/flotilla/x.db']) {
    assert.throws(() => openSqlite({ file }), DatabaseSetupError, file);
  }
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

test('only the owner can read the data', { skip: process.platform === 'win32' }, () => {
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
