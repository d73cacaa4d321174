/**
 * Builds every public package and packs it as it would be published: `dist/packages/<name>/` and a `.tgz` beside it.
 * Usage: `npm run pack`.
 */
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packPackages } from './release/pack-packages.ts';

const root = join(import.meta.dirname, '..');
for (const { manifest, tarball } of packPackages(root, join(root, 'dist/packages'))) {
  const kilobytes = Math.round(statSync(tarball).size / 1000);
  console.log(`${manifest.name}@${manifest.version}  ${relative(root, tarball)}  ${kilobytes} kB`);
}
