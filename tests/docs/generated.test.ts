import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { errorTable, fieldTable } from '@flotilla/contracts';
import { readDocument, repository } from './documents.ts';

test('the generated files are what their sources say now', () => {
  const result = spawnSync(process.execPath, ['scripts/generate.ts', '--check'], { cwd: repository, encoding: 'utf8' });
  assert.equal(result.stderr, '');
  assert.equal(result.status, 0);
});

test('docs/errors.md explains every code of the table, and no other', () => {
  const headings = readDocument('docs/errors.md').headings.filter((heading) => heading.level === 2);
  const explained = headings.map((heading) => heading.text).filter((text) => /^[A-Z_]+$/.test(text));
  assert.deepEqual(explained.sort(), Object.keys(errorTable).sort());
});

test('docs/errors.md lists every code of a field, and no other', () => {
  const listed = readDocument('docs/errors.md')
    .tables[1]?.slice(2)
    .map((row) => row[0]);
  assert.deepEqual(listed?.sort(), Object.keys(fieldTable).sort());
});

test('the glossary explains each word once', () => {
  const words =
    readDocument('docs/glossary.md')
      .tables[0]?.slice(2)
      .map((row) => row[0]) ?? [];
  assert.ok(words.length > 20);
  assert.deepEqual([...new Set(words)], words);
});
