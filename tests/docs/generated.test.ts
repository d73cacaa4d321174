import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { readDocument, repository } from './documents.ts';

test('the generated files are up to date', () => {
  const result = spawnSync(process.execPath, ['scripts/generate.ts', '--check'], { cwd: repository, encoding: 'utf8' });
  assert.equal(result.stderr, '');
  assert.equal(result.status, 0);
});

test('the glossary explains each word once', () => {
  const words =
    readDocument('docs/glossary.md')
      .tables[0]?.slice(2)
      .map((row) => row[0]) ?? [];
  assert.ok(words.length > 20);
  assert.deepEqual([...new Set(words)], words);
});
