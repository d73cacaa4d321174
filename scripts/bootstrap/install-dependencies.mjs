import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BootstrapFailure } from './bootstrap-failure.mjs';
import { networkAdvice, runNpm } from './run-npm.mjs';

/**
 * Installs what package-lock.json says when it is not what is in node_modules. The usual case, nothing to do, costs
 * one hash and one small file. A change of package.json alone is seen too: npm then says what does not fit.
 */
export async function ensureDependencies({ root, say, env, withLock }) {
  const stampFile = path.join(root, 'node_modules', '.flotilla-installed');
  const wanted = fingerprint(root);
  if (readIfThere(stampFile) === wanted) return;
  await withLock(async (lock) => {
    if (readIfThere(stampFile) === wanted) return; // Another start installed them while we waited.
    if (!holdsLockedPackages(root)) {
      const first = !existsSync(path.join(root, 'node_modules'));
      say(first ? 'installing the dependencies (once)...' : 'package-lock.json has changed: installing again...');
      rmSync(stampFile, { force: true });
      // Tests and checks need the development dependencies whatever NODE_ENV says.
      const code = await runNpm({
        args: ['ci', '--include=dev', '--prefer-offline'],
        cwd: root,
        env,
        onSpawn: lock.addHolder,
      });
      if (code !== 0) {
        throw new BootstrapFailure(`could not install the dependencies (npm exit code ${code}). ${networkAdvice}`);
      }
      say('dependencies installed.');
    }
    mkdirSync(path.dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, wanted);
  });
}

function fingerprint(root) {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // Not there, or not readable: both mean "not known", and the slow path finds out.
  }
}

/**
 * Whether npm's own record of node_modules names every locked package in its locked version: so after an
 * `npm install` by hand. Optional packages may be absent, since most of them are for other platforms.
 */
export function holdsLockedPackages(root) {
  const record = readIfThere(path.join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages ?? {};
  const locked = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  return Object.entries(locked).every(([place, wanted]) => {
    if (!place.includes('node_modules/')) return true;
    const found = installed[place];
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true || wanted.peer === true;
    return found.link === true || (found.version === wanted.version && found.integrity === wanted.integrity);
  });
}
