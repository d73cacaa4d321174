import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Long enough for any installation; an older lock was left by a process whose id has been reused. */
const staleAfterMs = 20 * 60_000;
const pollMs = 200;

/**
 * Runs `install` while no other process installs in this checkout. The lock is a file with the ids of the processes that
 * hold it; if they are all gone, it counts as free. The npm process is a holder too: if only the bootstrap is killed, npm
 * keeps writing.
 */
export async function withInstallLock({ root, say, isAlive = processIsAlive }, install) {
  const file = path.join(root, '.flotilla', 'install.lock');
  mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!take(file)) {
    if (isAbandoned(file, isAlive)) {
      release(file);
      continue;
    }
    if (!told) say('another process is installing; waiting for it...');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const holders = [process.pid];
  const addHolder = (pid) => {
    holders.push(pid);
    writeFileSync(file, holders.join(' '));
  };
  try {
    return await install({ addHolder });
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(file, isAlive) {
  try {
    const holders = readFileSync(file, 'utf8').split(' ').map(Number);
    // Empty for the moment between its creation and the first write.
    const young = Date.now() - statSync(file).mtimeMs < (holders[0] > 0 ? staleAfterMs : 2_000);
    return !(young && (holders[0] === 0 || holders.some(isAlive)));
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Moves an abandoned lock away: of several waiting processes, the rename succeeds for one. */
function release(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function processIsAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
