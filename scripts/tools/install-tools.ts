import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the tools of a folder that has a lock file of its own, if they are not there as it says: whoever only starts the fleet
 * does not wait for them. `purpose`: what they do, `build the site`. Returns whether they are there, and says what to do if not.
 */
export function installTools(folder: string, purpose: string): boolean {
  const stamp = join(folder, 'node_modules', '.flotilla-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  console.log(`Installing the tools that ${purpose} (once)...`);
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  // A missing network is reported within half a minute.
  const patience = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000'];
  const args = ['ci', ...quietly, ...patience];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) writeFileSync(stamp, wanted);
  else console.error(`Cannot install the tools that ${purpose}. Check the network, then run the same command again.`);
  return status === 0;
}
