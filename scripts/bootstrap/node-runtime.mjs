import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BootstrapFailure } from './bootstrap-failure.mjs';
import { networkAdvice, runNpm } from './run-npm.mjs';

/** Whether a version such as `v24.15.0` is at least that of a range such as `>=24.15.0`. */
export function satisfies(version, range) {
  const numbers = (text) =>
    text
      .replace(/^[^\d]*/, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10));
  const have = numbers(version);
  const want = numbers(range);
  for (let place = 0; place < 3; place += 1) {
    if (have[place] !== want[place]) return have[place] > want[place];
  }
  return true;
}

/**
 * The path of a Node that can run the project: this one if it is new enough, otherwise one that is downloaded once into
 * `.flotilla/` from the npm registry.
 *
 * The npm package `node` is only an install script that downloads a package per platform. Newer npm versions block such
 * scripts, so we install the platform's package directly, with a lock file that pins its checksum.
 */
export async function ensureNode({ root, manifest, say, env, withLock, version = process.version }) {
  const range = manifest.engines.node;
  if (satisfies(version, range)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const source = manifest.flotilla.node[platform];
  const tooOld = `this is Node ${version}, and Flotilla needs Node ${range}.`;
  if (source === undefined) {
    throw new BootstrapFailure(
      `${tooOld} No download is available for ${platform}: install Node from https://nodejs.org.`,
    );
  }
  const folder = path.join(root, '.flotilla', `${source.name}-${source.version}`);
  const executable = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const node = path.join(folder, 'node_modules', source.name, executable);
  if (existsSync(node)) return node;

  await withLock(async (lock) => {
    if (existsSync(node)) return; // Another process downloaded it while we waited.
    say(`${tooOld} Downloading Node ${source.version} into .flotilla/ (about 120 MB on disk, first start only)...`);
    // Installed next to its final place, and moved there once it is complete and works.
    const draft = `${folder}.part`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    const dependencies = { [source.name]: source.version };
    const packages = {
      '': { dependencies },
      [`node_modules/${source.name}`]: { version: source.version, integrity: source.integrity },
    };
    writeFileSync(path.join(draft, 'package.json'), JSON.stringify({ private: true, dependencies }));
    writeFileSync(path.join(draft, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
    const code = await runNpm({ args: ['ci'], cwd: draft, env, onSpawn: lock.addHolder });
    if (code !== 0) throw new BootstrapFailure(`cannot download Node (npm exit code ${code}). ${networkAdvice}`);
    const fetched = path.join(draft, 'node_modules', source.name, executable);
    const trial = spawnSync(fetched, ['--version'], { encoding: 'utf8' });
    if (trial.status !== 0) {
      const reason = trial.error?.message ?? trial.stderr.trim();
      throw new BootstrapFailure(
        `${tooOld} The download for ${platform} does not run here (${reason}): install Node from https://nodejs.org.`,
      );
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  });
  return node;
}
