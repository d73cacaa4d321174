import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompoundStatements, runsCompounds } from './compound-statements.ts';

const textFor = (...texts: readonly string[]): string | undefined =>
  new CompoundStatements().textFor(texts.map((sql) => ({ sql, parameters: Array.from(sql.matchAll(/\?/g), () => 1) })));

test('what begins a transaction goes with the first query, and what is written last with the commit', () => {
  assert.equal(
    textFor('START TRANSACTION ', "select 'a' from t where b = ? and c = ? -- why"),
    "BEGIN NOT ATOMIC\nSTART TRANSACTION ;\nEXECUTE IMMEDIATE 'select ''a'' from t where b = ? and c = ? -- why' USING ?, ?;\nEND",
  );
  assert.equal(
    textFor('insert into t values (?)', 'update t set a = 1', 'COMMIT'),
    "BEGIN NOT ATOMIC\nEXECUTE IMMEDIATE 'insert into t values (?)' USING ?;\nEXECUTE IMMEDIATE 'update t set a = 1';\nCOMMIT;\nEND",
  );
});

test('statements that would not mean the same in a compound one stay by themselves', () => {
  const apart: readonly (readonly string[])[] = [
    // Its id is asked for.
    ['START TRANSACTION', 'insert into t values (?)'],
    // Its columns may change.
    ['START TRANSACTION', "select '\\\\' from t"],
    ['START TRANSACTION', 'select * from t'],
    ['insert into t select * from u', 'COMMIT'],
    ['insert into t values (1); select 1', 'COMMIT'],
    ['select a from t', 'COMMIT'],
    ['create table t (a int)', 'COMMIT'],
    ['START TRANSACTION READ ONLY', 'select a from t'],
    ['insert into t values (?)', 'ROLLBACK'],
    [...Array.from({ length: 4 }, () => 'insert into t values (?)'), 'COMMIT'],
  ];
  for (const texts of apart) assert.equal(textFor(...texts), undefined, texts.join(' | '));
});

test('a text is made once, and however many there are, each is right', () => {
  const compounds = new CompoundStatements();
  const begun = (sql: string): string | undefined =>
    compounds.textFor([
      { sql: 'START TRANSACTION', parameters: [] },
      { sql, parameters: [] },
    ]);
  for (let round = 0; round < 2; round += 1)
    for (let index = 0; index < 500; index += 1) assert.ok(begun(`select ${index}`)?.includes(`'select ${index}'`));
});

test('compound statements are for servers that are known to run them', () => {
  const runs = (version: string): boolean => runsCompounds(version);
  for (const version of ['10.11.6-MariaDB-log', '11.4.2-MariaDB', '12.0.1-MariaDB-ubu2404'])
    assert.ok(runs(version), version);
  for (const version of ['8.0.36', '9.1.0', '10.6.18-MariaDB', '5.5.68-MariaDB', '10.11.6', 'undefined'])
    assert.equal(runs(version), false, version);
});
