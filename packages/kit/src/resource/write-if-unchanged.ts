import { AppError } from '@flotilla/contracts';
import { entityTag, matchesStrongly, matchesWeakly, type NamedTags } from './entity-tag.ts';

/** What a caller says of the record it wants to write, by its entity tags, in whatever protocol it has said it. */
export interface Precondition {
  /** The record must be one of these; `*`: there must be one. */
  readonly match: NamedTags;
  /** The record must be none of these. */
  readonly noneMatch: NamedTags;
}

/** How a record is read, shown and written; see {@link writeIfUnchanged}. */
export interface GuardedWrite<T, R> {
  /** The record as it is now. Throws if there is none. */
  read(): Promise<T>;
  /** What callers are shown of it: its entity tag is that of this, as JSON. */
  show(current: T): unknown;
  /**
   * Writes; only if the record still is `expected`, when one is given. Gives `undefined` if there was nothing to write
   * to. The store compares and writes in one step, since another writer may come in between.
   */
  write(expected: T | undefined): Promise<R | undefined>;
}

/**
 * Writes a record under the condition that the caller names: so that of two people who change what they both have read,
 * the second is told instead of undoing the first's change. Without a condition it just writes.
 *
 * @throws {AppError} PRECONDITION_FAILED when the record is not the one the caller has read
 */
export async function writeIfUnchanged<T, R>(
  condition: Precondition | undefined,
  { read, show, write }: GuardedWrite<T, R>,
): Promise<R | undefined> {
  if (condition === undefined) return write(undefined);
  const current = await read();
  const tag = entityTag(JSON.stringify(show(current)));
  if (!matchesStrongly(condition.match, tag) || matchesWeakly(condition.noneMatch, tag))
    throw new AppError('PRECONDITION_FAILED');
  const written = await write(current);
  if (written === undefined) throw new AppError('PRECONDITION_FAILED');
  return written;
}
