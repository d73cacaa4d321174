import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { checkFleet } from './check-fleet.ts';
import { findMissing } from './find-missing.ts';

const root = mkdtempSync(path.join(tmpdir(), 'flotilla-missing-'));
after(() => rmSync(root, { recursive: true, force: true }));
writeFileSync(path.join(root, 'main.ts'), '');
writeFileSync(path.join(root, 'tool'), '#!/bin/sh\n');

function missing(program: object, searchPath = ''): string {
  const own = { find: () => '', exists: () => true };
  const config = { registry: false, gateway: false, programs: { a: program } };
  const checked = checkFleet(config, path.join(root, 'flotilla.config.ts'), own);
  return checked.ok ? findMissing(checked.fleet.programs, searchPath).join('\n') : assert.fail(checked.problems.join());
}

test('missing files and folders are reported with their full path', () => {
  assert.equal(missing({ run: 'main.ts' }), '');
  assert.match(missing({ run: 'mian.ts' }), new RegExp(`^programs\\.a\\.run: cannot find the file ${root}/mian\\.ts`));
  assert.match(missing({ run: '.' }), /is a folder\. Name the file/);
  assert.match(missing({ run: 'main.ts', folder: 'nowhere' }), /^programs\.a\.folder: cannot find the folder/);
});

test('a command is searched for as the system does: on the PATH, or at its path', {
  skip: process.platform === 'win32',
}, () => {
  assert.match(missing({ command: ['./tool'] }), /is not executable\. Run: chmod \+x/);
  assert.match(missing({ command: ['tool'] }, root), /find the program "tool" on the PATH/);
  chmodSync(path.join(root, 'tool'), 0o755);
  assert.equal(missing({ command: ['./tool'] }), '');
  assert.equal(missing({ command: ['tool'] }, `/nowhere:${root}`), '');
  assert.equal(missing({ command: ['tool'], env: { PATH: root } }), '');
  assert.match(missing({ command: ['./tol'] }), /cannot find the program .*\/tol\./);
  assert.match(missing({ command: ['tool x'] }, root), /Write each argument as a string of its own/);
});
