import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { isDamagedInstallation } from './damaged-installation.ts';

/** What Node says of a program that imports from a package with these files. */
function lastWords(
  t: { after(run: () => void): void },
  files: Readonly<Record<string, string>>,
  program: string,
): string {
  const root = mkdtempSync(path.join(tmpdir(), 'flotilla-damage-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ 'main.mjs': program, ...files })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return spawnSync(process.execPath, ['main.mjs'], { cwd: root, encoding: 'utf8' }).stderr;
}

const manifest = '{"name":"a","type":"module","exports":"./index.js"}';
const uses = "import { value } from 'a'; console.log(value);";

test("a missing, truncated or empty package is recognized by Node's message", (t) => {
  const of = (files: Readonly<Record<string, string>>): boolean => isDamagedInstallation(lastWords(t, files, uses));
  const [json, code] = ['node_modules/a/package.json', 'node_modules/a/index.js'];
  assert.equal(of({}), true, 'no package');
  assert.equal(of({ [json]: manifest }), true, 'no file');
  assert.equal(of({ [json]: manifest.slice(0, 20), [code]: 'export const value = 1;' }), true, 'half a manifest');
  assert.equal(of({ [json]: manifest, [code]: 'export const value = {' }), true, 'half a file');
  assert.equal(of({ [json]: manifest, [code]: '' }), true, 'an empty file');
  assert.equal(of({ [json]: manifest, [code]: 'export const value = 1;' }), false, 'nothing is wrong');
});

test("a program's own defect is not an installation problem", (t) => {
  for (const program of ["throw new Error('mine');", 'const a = ;', "import { b } from './c.mjs';"]) {
    assert.equal(isDamagedInstallation(lastWords(t, { 'c.mjs': '' }, program)), false, program);
  }
});
