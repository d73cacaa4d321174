import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BootstrapFailure } from './bootstrap-failure.mjs';
import { findDamage, findUnlocked, listInstalledFiles, whyNotInstalled } from './installed-files.mjs';
import { networkAdvice, runNpm } from './run-npm.mjs';

/**
 * Installs what package-lock.json says when it is not what is in node_modules: another lock file, another platform, a
 * package that is missing, a file that is cut off. The usual case, nothing to do, costs one hash and one look at each file.
 */
export async function ensureDependencies({
  root,
  say,
  env,
  withLock,
  platform = `${process.platform}-${process.arch}`,
}) {
  const unlocked = findUnlocked(root);
  if (unlocked.length > 0) {
    const names = unlocked.map((folder) => path.join(folder, 'package.json')).join(', ');
    throw new BootstrapFailure(
      `package-lock.json does not know what ${names} asks for. Run "npm install", which brings them together, then the same command again.`,
    );
  }
  const stampFile = path.join(root, 'node_modules', '.flotilla-installed');
  const wanted = `${fingerprint(root)} ${platform}`;
  if (whyStale(root, stampFile, wanted) === undefined) return;
  await withLock(async (lock) => {
    const stale = whyStale(root, stampFile, wanted);
    if (stale === undefined) return; // Another start installed them while we waited.
    const first = !existsSync(path.join(root, 'node_modules'));
    const why = stale.damage ?? whyNotInstalled(root);
    if (why !== undefined) {
      say(
        first
          ? 'installing the dependencies (once)...'
          : `node_modules is not as it should be (${why}): installing again...`,
      );
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
    writeFileSync(stampFile, [wanted, ...listInstalledFiles(root)].join('\n'));
  });
}

/** Why the installation has to be looked at: undefined if it is as it was left, with `damage` if something has been lost. */
function whyStale(root, stampFile, wanted) {
  const [stamp, ...lines] = readIfThere(stampFile)?.split('\n') ?? [];
  if (stamp !== wanted) return {};
  const damaged = findDamage(root, lines);
  if (damaged.length === 0) return undefined;
  const packages = [...new Set(damaged.map((file) => file.split('/', file.startsWith('@') ? 2 : 1).join('/')))];
  const more = packages.length > 3 ? ` and ${packages.length - 3} more` : '';
  return { damage: `files of ${packages.slice(0, 3).join(', ')}${more} are missing or cut off` };
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
