import { AppError } from '@flotilla/contracts';
import { readPrecondition } from '@flotilla/kit/http';
import { matchesStrongly, matchesWeakly, readTags } from '@flotilla/kit/resource';
import type { KeyEntry } from '../../keys/key-entry.ts';
import type { KeyFailure } from '../../keys/key-operation.ts';

/** The fields of a head that hold conditions. */
type Head = Parameters<typeof readPrecondition>[0];

/** The entity tag of a key: its revision, which is new with every change. */
export function tagOf({ revision }: KeyEntry): string {
  return `"${revision}"`;
}

/** Whether the reader has a key already as it is (`If-None-Match`, RFC 9110, 13.1.2). */
export function isKnown(head: Head, entry: KeyEntry): boolean {
  const condition = head['if-none-match'];
  return condition !== undefined && matchesWeakly(readTags(condition), tagOf(entry));
}

/**
 * The revision that a key must have when it is written; 0: it must not be there; undefined: any. It comes from the query, or
 * from the conditions in the head (`If-Match`, `If-None-Match`), which are compared with the key as it is now.
 *
 * @throws {AppError} PRECONDITION_FAILED, or INVALID_REQUEST for a condition that cannot be read
 */
export function expectedRevision(
  head: Head,
  asked: number | undefined,
  present: KeyEntry | undefined,
): number | undefined {
  const condition = readPrecondition(head);
  if (condition === undefined) return asked;
  const tag = present && tagOf(present);
  const isMatched = tag !== undefined && matchesStrongly(condition.match, tag);
  const isExcluded = tag !== undefined && matchesWeakly(condition.noneMatch, tag);
  if ((head['if-match'] !== undefined && !isMatched) || isExcluded) throw new AppError('PRECONDITION_FAILED');
  return asked ?? present?.revision ?? 0;
}

/** The error of a write that came too late, in the words of how it was asked for. */
export function tooLate(head: Head, failure: KeyFailure | undefined): AppError {
  if (readPrecondition(head) !== undefined) return new AppError('PRECONDITION_FAILED');
  if (failure?.why !== 'changed') return new AppError('REVISION_CONFLICT');
  const { key, revision, expected } = failure;
  const now = revision === 0 ? `The key ${key} is not there` : `The key ${key} has the revision ${revision}`;
  const detail = expected === 0 ? `${now}; if_revision=0 says that it must not be there` : `${now}, not ${expected}`;
  return new AppError('REVISION_CONFLICT', { detail });
}
