import { AppError } from '@flotilla/contracts';
import { entityTag, matchesStrongly, matchesWeakly, type NamedTags } from './entity-tag.ts';

/** The condition of a write, by entity tags of the record, from any protocol. */
export interface Precondition {
  /** The record must match one of these; `*`: it must exist. */
  readonly match: NamedTags;
  /** The record must match none of these. */
  readonly noneMatch: NamedTags;
}

/** How to read, show and write a record; see {@link writeIfUnchanged}. */
export interface GuardedWrite<T, R> {
  /** The record as it is now. Throws if there is none. */
  read(): Promise<T>;
  /** What callers see of it: its entity tag is made from this, as JSON. */
  show(current: T): unknown;
  /**
   * Writes; only if the record still is `expected`, when one is given. Gives `undefined` if there was nothing to write
   * to. The store compares and writes in one step, since another writer may come in between.
   */
  write(expected: T | undefined): Promise<R | undefined>;
}

/**
 * Writes a record under the caller's condition: if two people change what they both have read, the second gets an error
 * instead of undoing the first change. Without a condition, it just writes.
 *
 * @throws {AppError} PRECONDITION_FAILED when the record has changed since the caller read it
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
