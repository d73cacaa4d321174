import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { documentPaths, readDocument, repository } from './documents.ts';
import { typeErrors } from './type-errors.ts';

/** What is in Chinese has the same code: twins.test.ts. */
const english = documentPaths().filter((path) => !path.startsWith('docs/zh/') && path !== 'README.zh-CN.md');

/** The code that the documents show, each block a file of its own: its name is in a comment on the first line, if it has one. */
const shown = english.flatMap((path) =>
  readDocument(path)
    .blocks.filter((block) => block.info === 'ts')
    .map(({ text }, index) => ({ path, text, name: /^\/\/ ([\w.-]+\.ts)\n/.exec(text)?.[1] ?? `block-${index}.ts` })),
);

suite('the code in the documents', { timeout: 120_000 }, () => {
  // Inside the repository, where its packages are found, in a place that git ignores.
  mkdirSync(join(repository, '.flotilla'), { recursive: true });
  const folder = mkdtempSync(join(repository, '.flotilla', 'shown-code-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const files = shown.map(({ path, text, name }) => {
    const file = join(folder, path.replaceAll(/[^\w]/g, '-'), name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
    return file;
  });

  test('exists', () => assert.ok(files.length > 10));

  test('has no type errors', () => assert.equal(typeErrors(files), ''));

  for (const file of files.filter((each) => each.endsWith('.test.ts'))) {
    test(`${file.slice(folder.length + 1)} passes`, () => {
      // Of its own, not a part of this run: a test runner tells its children so by a variable.
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const result = spawnSync(process.execPath, ['--test', file], { cwd: repository, env, encoding: 'utf8' });
      assert.equal(result.status, 0, result.stdout + result.stderr);
      assert.match(result.stdout, /pass [1-9]/);
    });
  }
});
