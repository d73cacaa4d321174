/**
 * Gives every entry of every package-lock.json a checksum. npm writes what it finds in node_modules, and so knows none for the
 * packages of other platforms (npm/cli issues 4460 and 8320). Here npm resolves those entries anew, in an empty folder; what
 * has a checksum keeps its version. Usage, after a change of dependencies: `npm run lock`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LockFile, unchecked } from './rules/lock-entries.ts';

const root = join(import.meta.dirname, '..');
const folders = ['.', 'docs', 'apps/dashboard/pages', 'bench/gateway/peers', 'scripts/proto', 'bench/services/peers'];

for (const folder of folders) {
  const lock = readLock(join(root, folder, 'package-lock.json'));
  const places = unchecked(lock);
  if (places.length > 0) complete(folder, lock, places);
  const what = places.length === 0 ? 'every entry has a checksum' : `added ${places.length} checksums`;
  console.log(`${join(folder, 'package-lock.json')}: ${what}`);
}

function complete(folder: string, lock: LockFile, places: readonly string[]): void {
  const draft = mkdtempSync(join(tmpdir(), 'flotilla-lock-'));
  try {
    const workspaces = folder === '.' ? globSync('{packages,apps}/*/package.json', { cwd: root }) : [];
    for (const file of ['package.json', ...workspaces]) copy(join(root, folder, file), join(draft, file));
    copy(join(root, '.npmrc'), join(draft, '.npmrc'));
    const checked = Object.entries(lock.packages).filter(([place]) => !places.includes(place));
    writeFileSync(join(draft, 'package-lock.json'), JSON.stringify({ ...lock, packages: Object.fromEntries(checked) }));
    const args = ['install', '--package-lock-only', '--ignore-scripts'];
    const result = spawnSync('npm', args, { cwd: draft, stdio: 'inherit', shell: process.platform === 'win32' });
    const completed = result.status === 0 ? readLock(join(draft, 'package-lock.json')) : lock;
    const changed = Object.entries(lock.packages).filter(
      ([place, { version }]) => completed.packages[place]?.version !== version,
    );
    const left = unchecked(completed);
    if (left.length > 0 || changed.length > 0) {
      const names = [...left, ...changed.map(([place]) => place)].join(', ');
      throw new Error(
        `npm did not complete the lock file, which is unchanged. Without checksum or with another version: ${names}`,
      );
    }
    cpSync(join(draft, 'package-lock.json'), join(root, folder, 'package-lock.json'));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function copy(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

function readLock(file: string): LockFile {
  // Written by npm, or the run fails on it.
  return JSON.parse(readFileSync(file, 'utf8')) as LockFile;
}
