import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inDependencyOrder, publicPackages } from './public-packages.ts';

function withWorkspaces(manifests: Readonly<Record<string, object>>, look: (root: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'flotilla-workspaces-'));
  try {
    for (const [folder, manifest] of Object.entries(manifests)) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest));
      writeFileSync(join(root, folder, 'README.md'), '');
    }
    look(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const open = { description: 'What it is.', flotilla: { publish: true } };
const hidden = { flotilla: { publish: false } };

test('a workspace is published if its package.json says so, in packages and in apps', () => {
  const manifests = {
    'apps/b': { name: 'b', ...open },
    'packages/a': { name: 'a', ...open },
    'packages/x': hidden,
    'apps/service': {},
  };
  withWorkspaces(manifests, (root) =>
    assert.deepEqual(
      publicPackages(root).map(({ folder }) => folder),
      ['apps/b', 'packages/a'],
    ),
  );
});

test('all problems are reported at once', () => {
  const manifests = {
    'packages/a': { name: 'a', dependencies: { x: '1.0.0' }, ...open },
    'packages/silent': {},
    'packages/x': { name: 'x', ...hidden },
  };
  withWorkspaces(manifests, (root) =>
    assert.throws(() => publicPackages(root), /a\/package\.json: is published, but x, .*\n.*silent.*: say whether/),
  );
});

test('a package comes after its dependencies', () => {
  const manifests = {
    'packages/a': { name: 'a', dependencies: { c: '1.0.0' }, ...open },
    'packages/b': { name: 'b', ...open },
    'packages/c': { name: 'c', dependencies: { b: '1.0.0' }, ...open },
  };
  withWorkspaces(manifests, (root) =>
    assert.deepEqual(
      inDependencyOrder(publicPackages(root)).map(({ manifest }) => manifest.name),
      ['b', 'c', 'a'],
    ),
  );
});
