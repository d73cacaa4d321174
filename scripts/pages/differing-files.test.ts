import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { differingFiles } from './differing-files.ts';

test('files that changed, that are missing and that should not be there are found, in folders too', (t) => {
  const one = folderWith(t, { 'index.html': 'same', 'built/a.js': 'old', 'built/gone.js': '' });
  const other = folderWith(t, { 'index.html': 'same', 'built/a.js': 'new', 'built/b.js': 'b' });
  assert.deepEqual(differingFiles(one, other), ['built/a.js', 'built/b.js', 'built/gone.js']);
});

test('folders with the same files do not differ; a folder that is missing has none', (t) => {
  const one = folderWith(t, { 'index.html': 'same' });
  assert.deepEqual(differingFiles(one, folderWith(t, { 'index.html': 'same' })), []);
  assert.deepEqual(differingFiles(join(one, 'missing'), one), ['index.html']);
});

function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'built'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
