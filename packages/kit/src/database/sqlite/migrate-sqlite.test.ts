import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Migration } from '../migration.ts';
import { migrateSqlite } from './migrate-sqlite.ts';

const first: Migration = {
  id: '0001-create-things',
  sql: () => 'CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT;',
};
const second: Migration = { id: '0002-fill-things', sql: () => 'INSERT INTO things VALUES (1), (2);' };

function opened(t: TestContext): { readonly database: DatabaseSync; readonly things: () => unknown } {
  const database = new DatabaseSync(':memory:');
  t.after(() => database.close());
  return { database, things: () => database.prepare('SELECT count(*) AS n FROM things').get()?.['n'] };
}

test('each migration is applied once, in order, at whichever start it appears', (t) => {
  const { database, things } = opened(t);
  assert.deepEqual(migrateSqlite(database, [first], 0), [first.id]);
  assert.deepEqual(migrateSqlite(database, [first, second], 1_000), [second.id]);
  assert.deepEqual(migrateSqlite(database, [first, second], 2_000), []);
  assert.equal(things(), 2);
});

test('applied migrations are compared with those of the program', (t) => {
  const { database } = opened(t);
  migrateSqlite(database, [first, second], 0);
  const changed: Migration = { id: first.id, sql: () => 'CREATE TABLE things (id)' };
  assert.throws(() => migrateSqlite(database, [changed, second], 0), /0001-create-things\.ts has changed/);
});

test('a migration that fails rolls back the whole start', (t) => {
  const { database } = opened(t);
  const broken: Migration = {
    id: '0003-broken',
    sql: () => 'CREATE TABLE other (id INTEGER); INSERT INTO nowhere VALUES (1);',
  };
  assert.throws(
    () => migrateSqlite(database, [first, second, broken], 0),
    /0003-broken\.ts failed \(no such table: nowhere\)/,
  );
  assert.equal(database.isTransaction, false);
  assert.deepEqual(database.prepare('SELECT name FROM sqlite_schema').all(), []);
});

test('a retired migration stays where it was applied, and does nothing elsewhere', (t) => {
  const retired: Migration = { id: second.id, retired: true };
  const old = opened(t);
  migrateSqlite(old.database, [first, second], 0);
  assert.deepEqual(migrateSqlite(old.database, [first, retired], 1), []);
  assert.equal(old.things(), 2);
  const fresh = opened(t);
  migrateSqlite(fresh.database, [first, retired], 1);
  assert.equal(fresh.things(), 0);
});
