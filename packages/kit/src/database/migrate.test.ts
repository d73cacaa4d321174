import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { Kysely, sql } from 'kysely';
import { checksumOf } from './compare-migrations.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';
import { openSqliteKind } from './sqlite/sqlite-kind.ts';

const create = 'CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT;\n';
const first: Migration = { id: '0001-create-things', sql: () => create };
const fill = 'INSERT INTO things VALUES (1), (2);';
const second: Migration = { id: '0002-fill-things', sql: () => fill };

interface Opened {
  readonly db: Kysely<unknown>;
  /** Another process's look at it. */
  readonly database: DatabaseSync;
  readonly run: (migrations: readonly Migration[]) => Promise<readonly string[]>;
  readonly things: () => unknown;
}

function opened(t: TestContext): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-migrate-'));
  const file = join(folder, 'x.db');
  const kind = openSqliteKind({ kind: 'sqlite', file }, new FakeClock());
  const db = new Kysely<unknown>({ dialect: kind.dialect });
  const database = new DatabaseSync(file);
  t.after(async () => {
    await db.destroy();
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    db,
    database,
    run: (migrations) => migrate(db, kind, migrations),
    things: () => database.prepare('SELECT count(*) AS n FROM things').get()?.['n'],
  };
}

test('each migration is applied once, in order, at whichever start it appears', async (t) => {
  const { run, things } = opened(t);
  assert.deepEqual(await run([first]), [first.id]);
  assert.deepEqual(await run([first, second]), [second.id]);
  assert.deepEqual(await run([first, second]), []);
  assert.equal(things(), 2);
});

test('a blank migration is skipped, so that it can still be written', async (t) => {
  const { run, things } = opened(t);
  const blank: Migration = { id: second.id, sql: () => ' \n' };
  assert.deepEqual(await run([first, blank]), [first.id]);
  assert.deepEqual(await run([first, second]), [second.id]);
  assert.equal(things(), 2);
  await assert.rejects(run([first, blank]), /migrations\/0002-fill-things\.ts has changed/);
  const third: Migration = { id: '0003-third', sql: () => '' };
  const fourth: Migration = { id: '0004-fourth', sql: () => 'INSERT INTO things VALUES (4);' };
  assert.deepEqual(await run([first, second, third, fourth]), [fourth.id]);
  const late: Migration = { id: third.id, sql: () => 'INSERT INTO things VALUES (3);' };
  await assert.rejects(run([first, second, late, fourth]), /0003-third\.ts comes before 0004-fourth/);
});

test('what has only comments is blank, too', async (t) => {
  const { run, things } = opened(t);
  const planned: Migration = { id: second.id, sql: () => "\n  -- fills it; it's empty\n /* INSERT\n */ ;\n" };
  assert.deepEqual(await run([first, planned]), [first.id]);
  const commented: Migration = { id: second.id, sql: () => `-- two at once\n${fill} -- done` };
  assert.deepEqual(await run([first, commented]), [second.id]);
  assert.equal(things(), 2);
});

test('a blank migration that an earlier release recorded as applied stays applied', async (t) => {
  const { database, run } = opened(t);
  await run([first]);
  database
    .prepare('INSERT INTO kysely_migration (name, timestamp, checksum) VALUES (?, ?, ?)')
    .run(second.id, '2026-08-01T00:00:00.000Z', checksumOf(''));
  const blank: Migration = { id: second.id, sql: () => '' };
  const third: Migration = { id: '0003-third', sql: () => 'INSERT INTO things VALUES (3);' };
  assert.deepEqual(await run([first, blank]), []);
  assert.deepEqual(await run([first, blank, third]), [third.id]);
});

test('a migration that changed after it was applied is named', async (t) => {
  const { run } = opened(t);
  await run([first]);
  const changed: Migration = { id: first.id, sql: () => create.replace('STRICT', '') };
  await assert.rejects(run([changed]), /migrations\/0001-create-things\.ts has changed .*new migration/);
});

test('a database of a newer version is left alone', async (t) => {
  const { run } = opened(t);
  await run([first, second]);
  await assert.rejects(run([first]), /0002-fill-things .*newer version/);
});

test('a migration that fails rolls back the whole start', async (t) => {
  const { run, database } = opened(t);
  const broken: Migration = {
    id: '0003-broken',
    sql: () => 'CREATE TABLE other (id INTEGER); INSERT INTO nowhere VALUES (1);',
  };
  await assert.rejects(run([first, second, broken]), /0003-broken\.ts failed \(no such table: nowhere\)/);
  database.exec('BEGIN IMMEDIATE; ROLLBACK');
  assert.deepEqual(database.prepare('SELECT name FROM sqlite_schema').all(), []);
});

test('a clock that is set back between two starts does not matter', async (t) => {
  const { run, database } = opened(t);
  await run([first, second]);
  const late = "UPDATE kysely_migration SET timestamp = '2026-01-01T00:00:00.000Z' WHERE name = '0001-create-things'";
  const early = "UPDATE kysely_migration SET timestamp = '2020-01-01T00:00:00.000Z' WHERE name = '0002-fill-things'";
  database.exec(`${late}; ${early}`);
  const third: Migration = { id: '0003-more', sql: () => 'INSERT INTO things VALUES (3)' };
  assert.deepEqual(await run([first, second, third]), [third.id]);
});

test('a read-only database is reported with what to do', async (t) => {
  const { run, db } = opened(t);
  await sql`PRAGMA query_only = 1`.execute(db);
  await assert.rejects(run([first]), /Cannot migrate the database \(read-only\).*DATABASE_URL/);
});

test('a retired migration stays where it was applied, and does nothing elsewhere', async (t) => {
  const retired: Migration = { id: second.id, retired: true };
  const third: Migration = { id: '0003-more', sql: () => 'CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;' };
  const old = opened(t);
  await old.run([first, second]);
  assert.deepEqual(await old.run([first, retired, third]), [third.id]);
  assert.equal(old.things(), 2);
  const fresh = opened(t);
  assert.deepEqual(await fresh.run([first, retired, third]), [first.id, retired.id, third.id]);
  assert.equal(fresh.things(), 0);
  assert.deepEqual(await fresh.run([first, retired, third]), []);
});
