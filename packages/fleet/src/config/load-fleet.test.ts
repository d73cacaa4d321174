import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadFleet } from './load-fleet.ts';

const root = mkdtempSync(path.join(tmpdir(), 'flotilla-config-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A folder of its own with this fleet file. */
function project(text: string, name = 'flotilla.config.ts'): string {
  const folder = mkdtempSync(path.join(root, 'project-'));
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, name), text);
  return folder;
}

async function told(folder: string, file?: string): Promise<string> {
  const loaded = await loadFleet({ folder, file });
  return loaded.ok ? '' : loaded.problems.join('\n');
}

const little = 'export const fleet = { registry: false, programs: {} };';

test('the fleet file is found in the folder or above it, in TypeScript or JavaScript, or at a given path', async () => {
  for (const name of ['flotilla.config.ts', 'flotilla.config.mjs']) {
    const folder = project(little, name);
    const below = path.join(folder, 'services', 'a');
    mkdirSync(below, { recursive: true });
    const loaded = await loadFleet({ folder: below });
    assert.equal(loaded.ok && loaded.fleet.file, path.join(folder, name));
    assert.equal(loaded.ok && loaded.fleet.folder, folder);
  }
  assert.equal(await told(project(little, 'other.ts'), 'other.ts'), '');
});

test('a missing or misnamed file is reported with what to write', async () => {
  const empty = mkdtempSync(path.join(root, 'empty-'));
  assert.match(await told(empty), /^Cannot find flotilla\.config\.ts in .*or in a folder above it[^]*defineFleet\(/);
  assert.match(await told(empty, 'other.ts'), /^Cannot find the file .*other\.ts\.$/);
  assert.match(await told(empty, '.'), /is a folder\. Name the file in it/);
});

test('a file that cannot be loaded is reported with the place of the error, without our stack frames', async () => {
  const broken = await told(project('export const fleet = {\n  programs: { a: ;\n};'));
  assert.match(broken, /^Cannot load .*\n[^]*flotilla\.config\.ts:2\n[^]*SyntaxError/);
  assert.match(
    await told(project("import 'nowhere-at-all';")),
    /Cannot find package[^]*Run "npm install"[^]*add it: npm install nowhere-at-all/,
  );
  const thrown = await told(project("throw new Error('mine');"));
  const getter = await told(project("export const fleet = { get programs() { throw new Error('theirs'); } };"));
  assert.match(getter, /^Cannot load .*\n\s+Error: theirs\n\s+at get programs .*:1:\d+\)$/);
  assert.match(thrown, /Error: mine\n\s+at .*flotilla\.config\.ts:1:7$/);
});

test('a file without a valid export "fleet" is reported with what to write', async () => {
  assert.match(await told(project('export default {};')), /does not export "fleet"\. Name its default export/);
  assert.match(await told(project('export const flet = {};')), /does not export "fleet"\. Write: export const fleet/);
  assert.match(
    await told(project('export const fleet = { programs: 1 };')),
    /has \d mistakes:\n {2}- programs: expected/,
  );
});
