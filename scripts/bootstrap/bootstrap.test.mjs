import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { withInstallLock } from './install-lock.mjs';
import { satisfies } from './node-runtime.mjs';

/** A project's folder for the length of one test. */
function temporaryRoot(t) {
  const root = mkdtempSync(path.join(tmpdir(), 'flotilla-bootstrap-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

test('a Node of the version in engines.node or newer is accepted', () => {
  const verdicts = ['v18.20.1', 'v24.14.9', 'v24.15.0', 'v24.21.0', 'v26.0.0'].map((v) => satisfies(v, '>=24.15.0'));
  assert.deepEqual(verdicts, [false, false, true, true, true]);
});

test('of several simultaneous starts, one installs at a time, and a lock left by a dead process is taken over', async (t) => {
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
