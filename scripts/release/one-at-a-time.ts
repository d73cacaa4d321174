import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whoever has held the lock for so long was killed: a whole build takes half a minute. */
const staleAfterMs = 180_000;
const lookEveryMs = 50;

/**
 * Runs `run` while no other process does so under the same lock: an empty folder, which exists as long as it takes. Tests run in
 * processes of their own, and two that build would read what the other is about to write.
 */
export function oneAtATime<T>(lock: string, run: () => T): T {
  mkdirSync(dirname(lock), { recursive: true });
  while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookEveryMs);
  try {
    return run();
  } finally {
    rmdirSync(lock);
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > staleAfterMs) rmdirSync(lock);
    return false;
  }
}
