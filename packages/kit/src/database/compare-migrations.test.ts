import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AppliedMigration, checksumOf, compareWithApplied } from './compare-migrations.ts';
import type { Migration } from './migration.ts';
import { sqliteWords } from './sqlite/schema-words.ts';

const text = 'CREATE TABLE things (id INTEGER PRIMARY KEY);\n';
const first: Migration = { id: '0001-create-things', sql: () => text };
const second: Migration = { id: '0002-fill-things', sql: () => 'INSERT INTO things VALUES (1)' };
const appliedOf = (id: string, sql: string): AppliedMigration => ({
  id,
  checksum: checksumOf(sql),
  appliedAt: '2026-08-01T00:00:00.000Z',
});
const both = [appliedOf(first.id, text), appliedOf(second.id, 'INSERT INTO things VALUES (1)')];
const compare = (migrations: readonly Migration[], applied: readonly AppliedMigration[]): readonly AppliedMigration[] =>
  compareWithApplied(migrations, applied, sqliteWords);

test('applied migrations that are known and unchanged pass, followed by new ones', () => {
  compare([first, second], []);
  compare([first, second], both.slice(0, 1));
  compare([first, second], both);
});

test('a migration that changed after it was applied is named; line endings do not count', () => {
  compare([{ id: first.id, sql: () => text.replace('\n', '\r\n') }], both.slice(0, 1));
  const changed: Migration = { id: first.id, sql: () => text.replace('KEY', 'KEY AUTOINCREMENT') };
  assert.throws(
    () => compare([changed], both.slice(0, 1)),
    /0001-create-things\.ts has changed .*2026-08-01.*new migration/,
  );
});

test('an unknown migration, one inserted before others, and one out of order are refused', () => {
  assert.throws(() => compare([first], both), /0002-fill-things .*newer version/);
  const late: Migration = { id: '0001a-late', sql: () => 'SELECT 1' };
  assert.throws(() => compare([first, late, second], both), /0001a-late\.ts comes before 0002-fill-things/);
  for (const migrations of [
    [second, first],
    [first, first],
  ])
    assert.throws(() => compare(migrations, []), /order of their ids/);
});

test('a retired migration may have had any content', () => {
  compare([first, { id: second.id, retired: true }], both);
});

test('a changed down is refused, and one that was added later is not', () => {
  const withDown: Migration = { ...first, sql: () => text, down: () => 'DROP TABLE things' };
  const [applied] = both;
  assert.ok(applied !== undefined);
  compare([withDown], [applied]);
  const noted = { ...applied, downChecksum: checksumOf('DROP TABLE things') };
  compare([withDown], [noted]);
  for (const down of [() => 'DROP TABLE others', () => ' ', undefined]) {
    const changed: Migration = { id: first.id, sql: () => text, ...(down === undefined ? {} : { down }) };
    assert.throws(() => compare([changed], [noted]), /The down of migrations\/0001-create-things\.ts has changed/);
  }
});

test('a migration of a newer release is accepted if it is marked as compatible, and all after it are', () => {
  const later = { ...appliedOf('0003-later', 'x'), backwardCompatible: true };
  assert.deepEqual(compare([first, second], [...both, later]), [later]);
  const notYet = appliedOf('0004-not', 'x');
  assert.throws(
    () => compare([first, second], [...both, later, notYet]),
    /0004-not .*migrate down --to 0002-fill-things/,
  );
  const between = { ...appliedOf('0001a-between', 'x'), backwardCompatible: true };
  assert.throws(
    () =>
      compare(
        [first, second],
        [both[0], between].flatMap((one) => one ?? []),
      ),
    /0001a-between/,
  );
  assert.throws(() => compare([first, second], [...both.slice(0, 1), later]), /0002-fill-things\.ts comes before/);
});
