import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs what builds the site, if it is not there as the lock file says. It has a lock file of its own, so that whoever
 * only starts the fleet does not wait for 100 MB. Returns whether it is there, and says what to do if it is not.
 */
export function installSiteTools(docs: string): boolean {
  const stamp = join(docs, 'node_modules', '.flotilla-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(docs, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  console.log('Installing the tools that build the site (once)...');
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  // A missing network is reported within half a minute.
  const patience = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000'];
  const args = ['ci', ...quietly, ...patience];
  const { status } = spawnSync('npm', args, { cwd: docs, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) writeFileSync(stamp, wanted);
  else
    console.error('Cannot install the tools that build the site. Check the network, then run the same command again.');
  return status === 0;
}
