/** What SQLite's primary result codes mean for the dashboard. */
const failures: ReadonlyMap<number, StorageFailure> = new Map([
  [5, 'locked'],
  [6, 'locked'],
  [8, 'unwritable'],
  [10, 'unwritable'],
  [11, 'damaged'],
  [13, 'full'],
  [14, 'unwritable'],
  [26, 'damaged'],
]);

/** Why a database does not work. */
export type StorageFailure = 'damaged' | 'full' | 'locked' | 'unwritable';

/** Why the database does not work; undefined: `error` says something else, as a mistake in a statement does. */
export function storageFailure(error: unknown): StorageFailure | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return failures.get(error.errcode & 0xff);
}
