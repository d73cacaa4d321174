import { type BigIntStats, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/**
 * Notices that an open database's file is no longer the one under its name. SQLite does not: it keeps writing to the deleted
 * file, acknowledges everything, and all of it is gone at the next start.
 */
export class DatabaseFile {
  readonly #identities: ReadonlyMap<string, string>;

  /** Records the files that `database` has open now: the main one, and its write-ahead log if there is one. */
  constructor(database: DatabaseSync) {
    const main = database.location();
    const files = main === null || main === '' ? [] : [main, `${main}-wal`];
    const identities = files.map((file) => [file, identityOf(file)] as const);
    this.#identities = new Map(identities.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
  }

  /** What happened to the file and what to do, as a message; undefined if nothing happened. Takes a few microseconds. */
  loss(): string | undefined {
    for (const [file, identity] of this.#identities) {
      const now = identityOf(file);
      if (now === identity) continue;
      const what = now === undefined ? 'deleted' : 'replaced by another';
      return `The database file ${file} was ${what} while in use: anything written now would be lost. Restart the program`;
    }
    return undefined;
  }
}

/** Identifies a file, whatever its name; undefined if there is none, or it cannot be examined. */
function identityOf(file: string): string | undefined {
  try {
    const stats: BigIntStats | undefined = statSync(file, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
  } catch {
    return undefined;
  }
}
