import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { DatabaseCheck } from './database-check.ts';
import { openSqlite } from './open-sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'flotilla-check-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function opened(name: string): { file: string; database: DatabaseSync; check: DatabaseCheck; clock: FakeClock } {
  const file = join(folder, name);
  const database = openSqlite({ file });
  database.exec('CREATE TABLE t (x); PRAGMA user_version = 7');
  after(() => database.isOpen && database.close());
  const clock = new FakeClock();
  return { file, database, clock, check: new DatabaseCheck(database, { clock }) };
}

test('a check really writes, changes nothing, and relies on a write for five seconds', async () => {
  const { file, database, check, clock } = opened('well.db');
  const logBytes = (): number => statSync(`${file}-wal`).size;
  const before = logBytes();
  await check.run();
  const after = logBytes();
  assert.ok(after > before, 'the log has grown');
  assert.equal(database.prepare('PRAGMA user_version').get()?.['user_version'], 7);
  clock.advance(4_999);
  await check.run();
  assert.equal(logBytes(), after);
  clock.advance(1);
  await check.run();
  assert.ok(logBytes() > after);
});

test('a database that can be read but not written fails the check', async () => {
  const { database, check, clock } = opened('read-only.db');
  await check.run();
  database.exec('PRAGMA query_only = 1');
  clock.advance(5_000);
  await assert.rejects(check.run(), /Cannot write to the database \(read-only\)/);
  database.exec('PRAGMA query_only = 0');
  await check.run();
});

test('a failed write counts for five seconds, or until one succeeds, even if the check itself could write', async () => {
  const { check, clock } = opened('full.db');
  await check.run();
  check.failed(new Error('disk full'));
  await assert.rejects(check.run(), /Cannot write to the database \(disk full\)/);
  clock.advance(4_999);
  await assert.rejects(check.run(), /disk full/);
  check.wrote();
  await check.run();
  check.failed(new Error('disk full'));
  clock.advance(5_000);
  await check.run();
});

test('a file that is deleted or replaced while in use is noticed at once', async () => {
  for (const [name, harm, words] of [
    ['deleted.db', (file: string) => rmSync(file), /deleted\.db was deleted while in use.*Restart/],
    ['log.db', (file: string) => rmSync(`${file}-wal`), /log\.db-wal was deleted/],
    [
      'replaced.db',
      (file: string) => {
        copyFileSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
      /replaced\.db was replaced by another/,
    ],
  ] as const) {
    const { file, check } = opened(name);
    await check.run();
    harm(file);
    await assert.rejects(check.run(), words);
    assert.match(check.loss ?? '', words);
  }
});

test('a lock of another process is waited for, and finally reported', async () => {
  const { file, database, check, clock } = opened('locked.db');
  database.exec('PRAGMA busy_timeout = 0');
  const holder = openSqlite({ file });
  holder.exec('BEGIN IMMEDIATE');
  const given = assert.rejects(check.run(), /another process holds the write lock/);
  await clock.advanceAsync(800);
  await given;
  holder.exec('ROLLBACK');
  await check.run();
  holder.close();
});

test('an in-memory database has no file to lose', async () => {
  const database = openSqlite({ file: ':memory:' });
  const check = new DatabaseCheck(database);
  assert.equal(check.loss, undefined);
  await check.run();
  database.close();
  await assert.rejects(check.run());
});
