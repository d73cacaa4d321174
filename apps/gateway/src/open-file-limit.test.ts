import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openFileLimit } from './open-file-limit.ts';

test('the limit of open files is what the operating system says, in whatever way it says it', async () => {
  const own = openFileLimit();
  assert.ok(own === undefined || own >= 64);
  assert.equal(openFileLimit('/nowhere'), own);
  const folder = await mkdtemp(path.join(tmpdir(), 'limits-'));
  const file = path.join(folder, 'limits');
  for (const [soft, expected] of [
    ['256', 256],
    ['unlimited', undefined],
  ] as const) {
    await writeFile(file, `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}   4096   files\n`);
    assert.equal(openFileLimit(file), expected);
  }
  await rm(folder, { recursive: true });
});
