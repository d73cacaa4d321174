import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './built-files.ts';
import { type PublicPackage, stagingName, tarballName } from './manifest.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { publicPackages, readManifest } from './public-packages.ts';
import { stagePackage } from './stage-package.ts';

/** A package that can be published or installed. */
export interface PackedPackage extends PublicPackage {
  /** The packed files. */
  readonly staged: string;
  readonly tarball: string;
}

/** Builds every public package and packs it into the folder `into`, replacing its content. */
export function packPackages(root: string, into: string): readonly PackedPackage[] {
  const packages = publicPackages(root);
  const { engines } = readManifest(join(root, 'package.json')) as unknown as { engines: { node: string } };
  mkdirSync(into, { recursive: true });
  for (const file of readdirSync(into)) rmSync(join(into, file), { recursive: true });
  const packed = packages.map((one) => ({
    ...one,
    staged: join(into, stagingName(one.manifest)),
    tarball: join(into, tarballName(one.manifest)),
  }));
  oneAtATime(join(root, 'dist/.packing'), () => {
    build(root);
    for (const one of packed) stagePackage(one, { root, into: one.staged }, { packages, node: engines.node });
  });
  pack(
    packed.map(({ staged }) => staged),
    into,
  );
  return packed;
}

function pack(folders: readonly string[], into: string): void {
  // npm takes what begins with a dot or a slash as a folder.
  const args = ['pack', ...folders, '--pack-destination', into, '--ignore-scripts', '--loglevel=error'];
  const result = spawnSync('npm', args, { cwd: into, encoding: 'utf8', shell: process.platform === 'win32' });
  if (result.status !== 0) throw new Error(`npm cannot pack the packages:\n${result.error?.message ?? result.stderr}`);
}
