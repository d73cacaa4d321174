import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BootstrapFailure } from './bootstrap-failure.mjs';
import { findDamage, findUnlocked, listInstalledFiles, whyNotInstalled } from './installed-files.mjs';
import { networkAdvice, runNpm } from './run-npm.mjs';

/**
 * Installs the dependencies of package-lock.json if node_modules does not match it: another lock file, another platform, a
 * missing package, a truncated file. If there is nothing to do, as usual, it costs one hash and one look at each file.
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
      `package-lock.json does not match ${names}. Run "npm install" to update it, then repeat the command.`,
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
          ? 'installing the dependencies (first start only)...'
          : `node_modules is damaged or outdated (${why}); reinstalling...`,
      );
      rmSync(stampFile, { force: true });
      // Tests and checks need the development dependencies, whatever NODE_ENV says.
      const code = await runNpm({
        args: ['ci', '--include=dev', '--prefer-offline'],
        cwd: root,
        env,
        onSpawn: lock.addHolder,
      });
      if (code !== 0) {
        throw new BootstrapFailure(`cannot install the dependencies (npm exit code ${code}). ${networkAdvice}`);
      }
      say('dependencies installed.');
    }
    mkdirSync(path.dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, [wanted, ...listInstalledFiles(root)].join('\n'));
  });
}

/** Why the installation must be checked: undefined if it is unchanged, with `damage` if files are missing. */
function whyStale(root, stampFile, wanted) {
  const [stamp, ...lines] = readIfThere(stampFile)?.split('\n') ?? [];
  if (stamp !== wanted) return {};
  const damaged = findDamage(root, lines);
  if (damaged.length === 0) return undefined;
  const packages = [...new Set(damaged.map((file) => file.split('/', file.startsWith('@') ? 2 : 1).join('/')))];
  const more = packages.length > 3 ? ` and ${packages.length - 3} more` : '';
  return { damage: `files of ${packages.slice(0, 3).join(', ')}${more} are missing or truncated` };
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
    return undefined; // Missing or not readable: both mean "unknown", and the slow path finds out.
  }
}
