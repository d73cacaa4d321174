import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { holdsLockedPackages } from './install-dependencies.mjs';
import { withInstallLock } from './install-lock.mjs';
import { satisfies } from './node-runtime.mjs';

/** A project's folder for the length of one test. */
function temporaryRoot(t) {
  const root = mkdtempSync(path.join(tmpdir(), 'flotilla-bootstrap-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

test('a Node is good from the version of engines.node on', () => {
  const verdicts = ['v18.20.1', 'v24.14.9', 'v24.15.0', 'v24.21.0', 'v26.0.0'].map((v) => satisfies(v, '>=24.15.0'));
  assert.deepEqual(verdicts, [false, false, true, true, true]);
});

test('an installation is complete when every package that is not optional is there in its locked version', (t) => {
  const root = temporaryRoot(t);
  mkdirSync(path.join(root, 'node_modules'));
  const write = (file, packages) => writeFileSync(path.join(root, file), JSON.stringify({ packages }));
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  write('package-lock.json', { '': {}, 'node_modules/a': a, 'node_modules/b': { version: '2.0.0', optional: true } });
  assert.equal(holdsLockedPackages(root), false, 'nothing is installed');
  write('node_modules/.package-lock.json', { 'node_modules/a': a });
  assert.equal(holdsLockedPackages(root), true, 'what is optional may be absent');
  write('node_modules/.package-lock.json', { 'node_modules/a': { ...a, version: '1.0.1' } });
  assert.equal(holdsLockedPackages(root), false, 'another version');
});

test('of several starts at once one installs at a time, and a lock left by the dead is taken over', async (t) => {
  const root = temporaryRoot(t);
  mkdirSync(path.join(root, '.flotilla'));
  // No process has this id: ids end at 2 ** 22.
  writeFileSync(path.join(root, '.flotilla', 'install.lock'), '99999999');
  let inside = 0;
  let most = 0;
  const install = () =>
    withInstallLock({ root, say: () => undefined }, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all([install(), install(), install()]);
  assert.equal(most, 1);
});
