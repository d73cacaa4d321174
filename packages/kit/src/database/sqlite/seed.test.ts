import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSqlite } from './open-sqlite.ts';
import { seedOnce } from './seed.ts';

const seed = { table: 'things', sql: "INSERT INTO things (name) VALUES ('a'), ('b')" };

test('a table that never had a row gets its seed once, and deleted rows stay deleted', () => {
  const database = openSqlite({ file: ':memory:' });
  database.exec('CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL) STRICT');
  const names = (): unknown[] =>
    database
      .prepare('SELECT name FROM things')
      .all()
      .map((row) => row['name']);
  assert.equal(seedOnce(database, seed), true);
  assert.deepEqual(names(), ['a', 'b']);
  assert.equal(seedOnce(database, seed), false);
  database.exec('DELETE FROM things');
  assert.equal(seedOnce(database, seed), false);
  assert.deepEqual(names(), []);
});

test('a table that already has rows is left as it is', () => {
  const database = openSqlite({ file: ':memory:' });
  database.exec('CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL) STRICT');
  database.exec("INSERT INTO things (name) VALUES ('own')");
  assert.equal(seedOnce(database, seed), false);
});

test('a seed that fails leaves nothing behind', () => {
  const database = openSqlite({ file: ':memory:' });
  database.exec('CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL) STRICT');
  assert.throws(() => seedOnce(database, { table: 'things', sql: "INSERT INTO things (name) VALUES ('a'), (NULL)" }));
  assert.equal(database.isTransaction, false);
  assert.deepEqual(
    database.prepare('SELECT count(*) AS n FROM things').get(),
    Object.assign(Object.create(null), { n: 0 }),
  );
});
