import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { Kysely, sql } from 'kysely';
import { checksumOf } from '../compare-migrations.ts';
import type { Migration } from '../migration.ts';
import { openSqliteKind } from '../sqlite/sqlite-kind.ts';
import { migrateDown, migrateUp, requireMigrated } from './migrate.ts';
import type { MigrationTarget } from './plan-migrations.ts';

const create = 'CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT;\n';
const first: Migration = { id: '0001-create-things', sql: () => create };
const fill = 'INSERT INTO things VALUES (1), (2);';
const second: Migration = { id: '0002-fill-things', sql: () => fill };

interface Opened {
  readonly db: Kysely<unknown>;
  /** Another process's look at it. */
  readonly database: DatabaseSync;
  readonly run: (migrations: readonly Migration[], target?: MigrationTarget) => Promise<readonly string[]>;
  readonly down: (migrations: readonly Migration[], target: MigrationTarget) => Promise<readonly string[]>;
  /** Fails if one is missing. */
  readonly look: (migrations: readonly Migration[]) => Promise<unknown>;
  readonly things: () => unknown;
  readonly tables: () => unknown;
}

function opened(t: TestContext): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-migrate-'));
  const file = join(folder, 'x.db');
  const clock = new FakeClock();
  const kind = openSqliteKind({ kind: 'sqlite', file }, clock);
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
    run: async (migrations, target) => (await migrateUp(kind, { migrations, clock }, target)).ran,
    down: async (migrations, target) => (await migrateDown(kind, { migrations, clock }, target)).ran,
    look: (migrations) => requireMigrated(kind, migrations),
    tables: () =>
      database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'kysely_migration' ORDER BY name")
        .all()
        .map((row) => row['name']),
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

const one: Migration = { id: '0001-one', sql: () => 'CREATE TABLE one (x);', down: () => 'DROP TABLE one;' };
const two: Migration = { id: '0002-two', sql: () => 'CREATE TABLE two (x);', down: () => 'DROP TABLE two;' };
const three: Migration = { id: '0003-three', sql: () => 'CREATE TABLE three (x);', down: () => 'DROP TABLE three;' };
const all = [one, two, three];
const upTo = (id: string | undefined): MigrationTarget => ({ kind: 'to', id });
const steps = (count: number): MigrationTarget => ({ kind: 'steps', steps: count });

test('migrations are taken back from the last one: some of them, all down to one, or all', async (t) => {
  const { run, down, tables } = opened(t);
  await run(all);
  assert.deepEqual(await down(all, steps(1)), [three.id]);
  assert.deepEqual(tables(), ['one', 'two']);
  assert.deepEqual(await run(all), [three.id]);
  assert.deepEqual(await down(all, upTo(one.id)), [three.id, two.id]);
  assert.deepEqual(await down(all, upTo(one.id)), []);
  assert.deepEqual(tables(), ['one']);
  await run(all);
  assert.deepEqual(await down(all, upTo(undefined)), [three.id, two.id, one.id]);
  assert.deepEqual(tables(), []);
  assert.deepEqual(await run(all), [one.id, two.id, three.id]);
  assert.deepEqual(await down(all, steps(99)), [three.id, two.id, one.id]);
});

test('one without a down cannot be taken back, and nothing after it is', async (t) => {
  const { run, down, tables } = opened(t);
  const final: Migration = { id: two.id, sql: two.sql };
  await run([one, final, three]);
  await assert.rejects(down([one, final, three], upTo(undefined)), /0002-two\.ts cannot be taken back: it has no down/);
  assert.deepEqual(tables(), ['one', 'three', 'two']);
});

test('a down that fails leaves everything as it was', async (t) => {
  const { run, down, tables } = opened(t);
  const broken: Migration = {
    ...two,
    sql: () => 'CREATE TABLE two (x);',
    down: () => 'DROP TABLE two; DROP TABLE none;',
  };
  await run([one, broken, three]);
  await assert.rejects(
    down([one, broken, three], steps(2)),
    /The down of migrations\/0002-two\.ts failed \(no such table: none\)\. Nothing was changed/,
  );
  assert.deepEqual(tables(), ['one', 'three', 'two']);
});

test('a down that was added later is noted by the next run, and then must not change', async (t) => {
  const { run, down } = opened(t);
  await run([{ id: one.id, sql: one.sql }]);
  await run([one]);
  await assert.rejects(
    run([{ ...one, sql: () => 'CREATE TABLE one (x);', down: () => 'DELETE FROM one;' }]),
    /The down of/,
  );
  assert.deepEqual(await down([one], steps(1)), [one.id]);
});

test('an older release accepts what a newer one has marked as compatible, also if it does so later', async (t) => {
  const { run, down, look } = opened(t);
  await run([one, two]);
  await assert.rejects(run([one]), /0002-two .*take it back with that version \(migrate down --to 0001-one\)/);
  const compatible: Migration = { ...two, sql: () => 'CREATE TABLE two (x);', backwardCompatible: true };
  await run([one, compatible]);
  assert.deepEqual(await run([one]), []);
  await look([one]);
  await assert.rejects(down([one], steps(1)), /Only a newer version has the migration 0002-two/);
});

test('up can stop early', async (t) => {
  const { run, look } = opened(t);
  const limited = (target: MigrationTarget) => run(all, target);
  assert.deepEqual(await limited(steps(1)), [one.id]);
  assert.deepEqual(await limited(upTo(two.id)), [two.id]);
  assert.deepEqual(await limited(upTo(one.id)), []);
  await assert.rejects(look(all), /lacks a migration \(0003-three\).*migrate up/);
  assert.deepEqual(await run(all), [three.id]);
  await look(all);
});

test('a start without missing migrations writes nothing: a user who may only read is enough', async (t) => {
  const { db, run } = opened(t);
  await run(all);
  await sql`PRAGMA query_only = 1`.execute(db);
  assert.deepEqual(await run(all), []);
});
