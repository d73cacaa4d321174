import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@flotilla/contracts';
import type { onSendHookHandler } from 'fastify';
import { entityTag, matchesStrongly, matchesWeakly, readTags } from '../resource/entity-tag.ts';

/**
 * A route's `onSend` that puts an `ETag` on good answers, and answers 304 where the caller has the same one already
 * (`If-None-Match`, RFC 9110, 13.1.2). An unreadable condition on a read is passed over: the whole answer is never wrong.
 */
export const tagAnswer: onSendHookHandler = (request, reply, payload, done) => {
  if (typeof payload !== 'string' || (reply.statusCode !== 200 && reply.statusCode !== 201)) {
    done(null, payload);
    return;
  }
  const tag = entityTag(payload);
  reply.header('etag', tag);
  const condition = request.headers['if-none-match'];
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead || condition === undefined || !matchesWeakly(readTags(condition), tag)) {
    done(null, payload);
    return;
  }
  reply.code(304).removeHeader('content-type');
  // What Fastify does for HEAD comes after this, and wants the body to tell its length.
  done(null, request.method === 'HEAD' ? payload : null);
};

/** How a record is read, shown and written; see {@link writeIfUnchanged}. */
export interface GuardedWrite<T, R> {
  /** The record as it is now. Throws if there is none. */
  read(): Promise<T>;
  /** What a GET of it answers. */
  show(current: T): unknown;
  /**
   * Writes; only if the record still is `expected`, when one is given. Gives `undefined` if there was nothing to write
   * to. The store compares and writes in one step, since another writer may come in between.
   */
  write(expected: T | undefined): Promise<R | undefined>;
}

/**
 * Writes a record, under the conditions that the request names (`If-Match`, `If-None-Match`, RFC 9110, 13.1): so
 * that of two people who change what they both have read, the second is told instead of undoing the first's change.
 * Without a condition it just writes.
 *
 * @throws {AppError} PRECONDITION_FAILED when the record is not the one the caller has read; INVALID_REQUEST when a
 *   condition can't be read, as going on would be unsafe and "changed" untrue
 */
export async function writeIfUnchanged<T, R>(
  headers: Pick<IncomingHttpHeaders, 'if-match' | 'if-none-match'>,
  { read, show, write }: GuardedWrite<T, R>,
): Promise<R | undefined> {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match === undefined && noneMatch === undefined) return write(undefined);
  const wanted = match === undefined ? '*' : readCondition('If-Match', match);
  const unwanted = noneMatch === undefined ? [] : readCondition('If-None-Match', noneMatch);
  const current = await read();
  const tag = entityTag(JSON.stringify(show(current)));
  if (!matchesStrongly(wanted, tag) || matchesWeakly(unwanted, tag)) throw new AppError('PRECONDITION_FAILED');
  const written = await write(current);
  if (written === undefined) throw new AppError('PRECONDITION_FAILED');
  return written;
}

function readCondition(field: string, text: string): ReturnType<typeof readTags> {
  const named = readTags(text);
  if (named !== undefined) return named;
  throw new AppError('INVALID_REQUEST', { fields: [{ field, code: 'NOT_ENTITY_TAGS' }] });
}
