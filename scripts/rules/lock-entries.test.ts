import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { boundToHosts, type LockFile, unchecked } from './lock-entries.ts';

const root = path.resolve(import.meta.dirname, '../..');
const regenerate = 'npm leaves checksums out for other platforms; "npm run lock" completes the lock file';

/** The lock files of the project. */
function lockFiles(folder = root): readonly string[] {
  const skipped = new Set(['node_modules', 'dist', '.git', '.flotilla', 'data']);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : lockFiles(file);
    return /^(package-lock|npm-shrinkwrap)\.json$/.test(entry.name) ? [file] : [];
  });
}

test('every package in every lock file has a checksum, and none names a registry', () => {
  const files = lockFiles();
  assert.ok(files.length >= 2, 'the root and the peers of the benchmark have one');
  for (const file of files) {
    // Written by npm, for which the test is.
    const lock = JSON.parse(readFileSync(file, 'utf8')) as LockFile;
    assert.ok(Object.keys(lock.packages).length > 1, file);
    assert.deepEqual(unchecked(lock), [], `${path.relative(root, file)}: ${regenerate}`);
    assert.deepEqual(
      boundToHosts(lock),
      [],
      `${path.relative(root, file)}: omit-lockfile-registry-resolved, see .npmrc`,
    );
  }
});

test('the Node to download has a checksum for every platform', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    readonly flotilla: { readonly node: Readonly<Record<string, { readonly integrity?: string }>> };
  };
  const entries = Object.entries(manifest.flotilla.node);
  assert.ok(entries.length >= 5);
  assert.deepEqual(
    unchecked({ packages: Object.fromEntries(entries.map(([name, entry]) => [`node_modules/${name}`, entry])) }),
    [],
  );
});

test('an entry without a checksum, with a weak one, or with a host is found; workspaces need none', () => {
  const integrity = `sha512-${'a'.repeat(86)}==`;
  const lock: LockFile = {
    packages: {
      '': {},
      'packages/kit': { version: '1.0.0' },
      'node_modules/@flotilla/kit': { link: true, resolved: 'packages/kit' },
      'node_modules/good': { integrity },
      'node_modules/bare': {},
      'node_modules/good/node_modules/weak': { integrity: 'sha1-abc=' },
      'node_modules/bound': { integrity, resolved: 'https://registry.example/bound.tgz' },
    },
  };
  assert.deepEqual(unchecked(lock), ['node_modules/bare', 'node_modules/good/node_modules/weak']);
  assert.deepEqual(boundToHosts(lock), ['node_modules/bound']);
});
