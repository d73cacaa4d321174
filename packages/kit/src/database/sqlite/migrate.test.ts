import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { type Migration, migrate } from './migrate.ts';

const first: Migration = { id: '0001-create-things', sql: 'CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT;\n' };
const second: Migration = { id: '0002-seed-things', sql: 'INSERT INTO things VALUES (1), (2);' };

const countThings = (database: DatabaseSync): unknown =>
  database.prepare('SELECT count(*) AS n FROM things').get()?.['n'];

test('each step is applied once, in order, at whichever start it appears', () => {
  const database = new DatabaseSync(':memory:');
  assert.deepEqual(migrate(database, [first], 0), [first.id]);
  assert.deepEqual(migrate(database, [first, second], 1_000), [second.id]);
  assert.deepEqual(migrate(database, [first, second], 2_000), []);
  assert.equal(countThings(database), 2);
  database.close();
});

test('a step that was changed after it was applied is named', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, [first], 0);
  const changed = { ...first, sql: first.sql.replace('STRICT', '') };
  assert.throws(
    () => migrate(database, [changed], 0),
    /migrations\/0001-create-things\.ts has changed .*new migration/,
  );
  database.close();
});

test('line endings of another system are no change', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, [first], 0);
  assert.deepEqual(migrate(database, [{ ...first, sql: first.sql.replace('\n', '\r\n') }], 0), []);
  database.close();
});

test('a database of a newer version is left alone', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, [first, second], 0);
  assert.throws(() => migrate(database, [first], 0), /0002-seed-things .*newer version/);
  database.close();
});

test('a step that was slipped in before applied ones is refused', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, [first, second], 0);
  assert.throws(() => migrate(database, [first, late, second], 0), /0001a-late\.ts comes before 0002-seed-things/);
  database.close();
});
const late: Migration = { id: '0001a-late', sql: 'CREATE TABLE late (id INTEGER);' };

test('a step that fails takes the whole start back', () => {
  const database = new DatabaseSync(':memory:');
  const broken: Migration = {
    id: '0003-broken',
    sql: 'CREATE TABLE other (id INTEGER); INSERT INTO nowhere VALUES (1);',
  };
  assert.throws(
    () => migrate(database, [first, second, broken], 0),
    /0003-broken\.ts failed \(no such table: nowhere\)/,
  );
  assert.equal(database.isTransaction, false);
  assert.deepEqual(database.prepare('SELECT name FROM sqlite_schema').all(), []);
  database.close();
});

test('steps out of order are a mistake of the program', () => {
  const database = new DatabaseSync(':memory:');
  assert.throws(() => migrate(database, [second, first], 0), /order of their ids/);
  assert.throws(() => migrate(database, [first, first], 0), /order of their ids/);
  database.close();
});

test('a retired step stays where it was applied and is left out everywhere else', () => {
  const retired = { ...second, retired: true };
  const third: Migration = { id: '0003-more', sql: 'CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;' };
  const old = new DatabaseSync(':memory:');
  migrate(old, [first, second], 0);
  assert.deepEqual(migrate(old, [first, retired, third], 1), [third.id]);
  assert.equal(countThings(old), 2);
  const fresh = new DatabaseSync(':memory:');
  assert.deepEqual(migrate(fresh, [first, retired, third], 1), [first.id, third.id]);
  assert.equal(countThings(fresh), 0);
  assert.deepEqual(migrate(fresh, [first, retired, third], 2), []);
  old.close();
  fresh.close();
});
