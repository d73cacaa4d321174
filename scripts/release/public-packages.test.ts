import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { publicPackages } from './public-packages.ts';

function withWorkspaces(manifests: Readonly<Record<string, object>>, look: (root: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'flotilla-workspaces-'));
  try {
    for (const [folder, manifest] of Object.entries(manifests)) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest));
    }
    look(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const publish = { flotilla: { publish: true } };

test('a workspace that asks for it is published, in packages and in apps', () => {
  const manifests = { 'apps/b': { name: 'b', ...publish }, 'packages/a': { name: 'a', ...publish }, 'packages/x': {} };
  withWorkspaces(manifests, (root) =>
    assert.deepEqual(
      publicPackages(root).map(({ folder }) => folder),
      ['apps/b', 'packages/a'],
    ),
  );
});

test('one that needs a workspace which is not published is refused', () => {
  const manifests = {
    'packages/a': { name: 'a', dependencies: { x: '1.0.0' }, ...publish },
    'packages/x': { name: 'x' },
  };
  withWorkspaces(manifests, (root) =>
    assert.throws(() => publicPackages(root), /packages\/a is published and needs x, which is not\. Give x/),
  );
});
