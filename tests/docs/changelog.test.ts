import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assembleChangelog } from '../../scripts/release/assemble-changelog.ts';
import { readFragments } from '../../scripts/release/fragments.ts';
import { readText, repository } from './documents.ts';

test('every change since the last release can go into the changelog', () => {
  const { fragments, problems } = readFragments(repository);
  assert.deepEqual(problems, []);
  const release = { version: '1.0.0', date: '2030-01-01' };
  const { changelog } = assembleChangelog(readText('CHANGELOG.md'), fragments, release);
  assert.match(changelog, /\n## 1\.0\.0 - 2030-01-01\n/);
});
