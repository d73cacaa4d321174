import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@flotilla/contracts';
import type { onSendHookHandler } from 'fastify';
import { entityTag, matchesWeakly, type NamedTags, type Precondition, readTags } from '../resource/index.ts';

/** A route's `onSend` hook. Named here, so that declarations made of a user's code need not name Fastify. */
export interface SendHook extends onSendHookHandler {}

/**
 * A route's `onSend` hook that adds an `ETag` to successful answers, and answers 304 if the caller already has the same one
 * (`If-None-Match`, RFC 9110, 13.1.2). An invalid condition on a read is ignored: the whole answer is never wrong.
 */
export const tagAnswer: SendHook = (request, reply, payload, done) => {
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
  // Fastify handles HEAD after this, and needs the body for its length.
  done(null, request.method === 'HEAD' ? payload : null);
};

/**
 * The condition in the head of a write (`If-Match`, `If-None-Match`, RFC 9110, 13.1); undefined if there is none.
 *
 * @throws {AppError} INVALID_REQUEST when it is not valid: to continue would be unsafe, and "changed" would be untrue
 */
export function readPrecondition(
  headers: Pick<IncomingHttpHeaders, 'if-match' | 'if-none-match'>,
): Precondition | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match === undefined && noneMatch === undefined) return undefined;
  return {
    match: match === undefined ? '*' : readCondition('If-Match', match),
    noneMatch: noneMatch === undefined ? [] : readCondition('If-None-Match', noneMatch),
  };
}

function readCondition(field: string, text: string): NamedTags {
  const named = readTags(text);
  if (named !== undefined) return named;
  throw new AppError('INVALID_REQUEST', { fields: [{ field, code: 'NOT_ENTITY_TAGS' }] });
}
