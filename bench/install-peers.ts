import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Installs what other people's servers need, in a folder with a lock file of its own: exactly what that says, unless it is
 * there already. Gives the reason when it cannot.
 */
export function installPeers(folder: string): string | undefined {
  const lock = path.join(folder, 'package-lock.json');
  const done = path.join(folder, 'node_modules/.package-lock.json');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return undefined;
  process.stderr.write(`bench: installing what to compare with into ${path.relative('.', folder)}/node_modules\n`);
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return npm.status === 0 ? undefined : `npm could not install it: ${npm.stderr.trim().split('\n')[0] ?? 'timeout'}`;
}
