import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ownVersion } from './own-version.ts';

/** A project `shop` of version 1.2.0 with one service. */
function project(t: TestContext): { readonly folder: string; readonly main: string } {
  const folder = mkdtempSync(join(tmpdir(), 'own-version-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'services/cart'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"shop","version":"1.2.0"}');
  const main = join(folder, 'services/cart/main.ts');
  writeFileSync(main, '');
  return { folder, main };
}

test('a program has the version of the nearest package.json above it that names one', (t) => {
  const { folder, main } = project(t);
  assert.equal(ownVersion(main), '1.2.0');
  const own = join(folder, 'services/cart/package.json');
  for (const nothing of ['{"type":"module"}', '{"version":""}', '{"version":2}', 'null', 'not JSON']) {
    writeFileSync(own, nothing);
    assert.equal(ownVersion(main), '1.2.0', nothing);
  }
  writeFileSync(own, `{"version":"2.0.0"}${' '.repeat(1_048_576)}`);
  assert.equal(ownVersion(main), '1.2.0', 'too large');
  writeFileSync(own, '\uFEFF{"version":"2.0.0"}');
  assert.equal(ownVersion(main), '2.0.0', 'with a byte order mark');
  writeFileSync(own, '{"version":"3.0.0-beta.1"}');
  assert.equal(ownVersion(main), '3.0.0-beta.1');
});

test('a link to a program leads to its own package', (t) => {
  const { main } = project(t);
  const elsewhere = mkdtempSync(join(tmpdir(), 'own-version-link-'));
  t.after(() => rmSync(elsewhere, { recursive: true }));
  symlinkSync(main, join(elsewhere, 'cart'));
  assert.equal(ownVersion(join(elsewhere, 'cart')), '1.2.0');
});

test('a package.json that is a device keeps nobody waiting', { skip: !existsSync('/dev/zero') }, (t) => {
  const { folder, main } = project(t);
  symlinkSync('/dev/zero', join(folder, 'services/cart/package.json'));
  assert.equal(ownVersion(main), '1.2.0');
});

test('a program may be started by its folder, or without the ending of its file', (t) => {
  const { folder } = project(t);
  for (const started of [folder, join(folder, 'services/cart'), join(folder, 'services/cart/main')])
    assert.equal(ownVersion(started), '1.2.0', started);
});

test('what was not started from a file has no version', () => {
  assert.equal(ownVersion(undefined), undefined);
  assert.equal(ownVersion('[eval]'), undefined);
});
