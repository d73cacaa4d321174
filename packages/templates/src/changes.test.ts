import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ChangesRefused, writeChanges } from './changes.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'flotilla-changes-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8');

test('new files are created with their folders, and existing files are changed', async () => {
  await writeFile(path.join(root, 'old.ts'), 'before');
  await writeChanges(root, [
    { path: 'a/b/new.ts', text: 'new' },
    { path: 'old.ts', text: 'after', before: 'before' },
  ]);
  assert.deepEqual([await read('a/b/new.ts'), await read('old.ts')], ['new', 'after']);
  assert.deepEqual((await readdir(root)).sort(), ['a', 'old.ts']);
});

test('all conflicts are reported at once, and nothing is written', async () => {
  await writeFile(path.join(root, 'one.ts'), 'mine');
  await writeFile(path.join(root, 'two.ts'), 'changed');
  const changes = [
    { path: 'new.ts', text: 'new' },
    { path: 'one.ts', text: 'theirs' },
    { path: 'two.ts', text: 'x', before: 'as read' },
  ];
  await assert.rejects(writeChanges(root, changes), (error) => {
    assert.ok(error instanceof ChangesRefused);
    assert.equal(
      error.message,
      'one.ts already exists. Remove or rename it, or choose another name.\ntwo.ts was changed in the meantime. Try again.',
    );
    return true;
  });
  assert.deepEqual((await readdir(root)).sort(), ['one.ts', 'two.ts']);
  assert.equal(await read('one.ts'), 'mine');
});

test('when a write fails, the earlier writes are undone', async () => {
  await writeFile(path.join(root, 'old.ts'), 'before');
  await mkdir(path.join(root, 'taken'));
  const changes = [
    { path: 'made/deep/new.ts', text: 'new' },
    { path: 'old.ts', text: 'after', before: 'before' },
    // A file stands where a folder is needed.
    { path: 'old.ts/below.ts', text: 'x' },
  ];
  await assert.rejects(writeChanges(root, changes));
  assert.deepEqual((await readdir(root)).sort(), ['old.ts', 'taken']);
  assert.equal(await read('old.ts'), 'before');
});
