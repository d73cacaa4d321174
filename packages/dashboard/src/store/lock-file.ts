import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseSetupError } from '@flotilla/kit/database/sqlite';
import { storageFailure } from './storage-failure.ts';

/** Keeps other processes from writing to the same file. */
export interface FileLock {
  release(): void;
}

/**
 * Two dashboards on one file would remove each other's rows. SQLite's own lock on the file would also keep our reader out, so the lock
 * is on a file beside it. It ends with the process, however that ends.
 *
 * @throws {DatabaseSetupError} when another process has it
 */
export function lockFile(file: string): FileLock {
  if (file === ':memory:') return { release: () => undefined };
  // Long enough for one that is just letting go of it.
  const lock = new DatabaseSync(`${file}.lock`, { timeout: 2_000 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return {
      release() {
        if (lock.isOpen) lock.close();
      },
    };
  } catch (error) {
    lock.close();
    if (storageFailure(error) !== 'locked') throw error;
    throw new DatabaseSetupError(
      `Another dashboard is using ${resolve(file)}. Stop it, or name another file for this one`,
      { cause: error },
    );
  }
}
