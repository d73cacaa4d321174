import { Readable } from 'node:stream';
import { AppError } from '@flotilla/contracts';
import type { FastifyRequest, preParsingHookHandler } from 'fastify';

/** A longer target is nobody's honest query, and would fill the logs. */
const maxTargetLength = 8192;

/** Throws for what no dialect could read in one way alone, by a request's head and before its body is read. */
export function refuseEarly(request: FastifyRequest): void {
  const { raw, headers } = request;
  // RFC 9112, 3.2. Node's own answer to this would have no body; so Node leaves it to us.
  if (headers.host === undefined && raw.httpVersion === '1.1')
    throw new AppError('BAD_MESSAGE', { detail: 'The Host header is missing.' });
  if ((raw.url ?? '').length > maxTargetLength) throw new AppError('URI_TOO_LONG');
  // Node passes a fragment on, and the router takes it for a query: `/user#id=1` would be two requests in one.
  if (raw.url?.includes('#') === true)
    throw new AppError('AMBIGUOUS_TARGET', { detail: 'The request target has a fragment.' });
  if (!hasBody(request)) return;
  // RFC 9112, 6.1. Node undoes the chunks and leaves the bytes in whatever other coding was named before them.
  const transferCoding = headers['transfer-encoding'];
  if (transferCoding !== undefined && transferCoding.trim().toLowerCase() !== 'chunked')
    throw new AppError('NOT_IMPLEMENTED', { detail: 'The only transfer coding that is read is chunked.' });
}

/**
 * Lets a request without a body name any type for it where none is expected: many clients put `Content-Type:
 * application/json` on all they send, and `curl -d ''` that of a form. A route that takes a body still says that it is missing.
 */
export function forgetTypeOfNoBody(request: FastifyRequest): void {
  if (request.raw.headers['content-type'] === undefined || hasBody(request)) return;
  if (request.routeOptions.schema?.body !== undefined) return;
  // From Node's own object: Fastify has no other place where it looks for the type.
  delete request.raw.headers['content-type'];
}

/**
 * A route's `preParsing` where it takes a body: gives a request that announces none an empty one to read. Node has ended the
 * stream of such a request before anybody gets it, and Fastify would wait for the end for ever.
 */
export const readNoneAsEmpty: preParsingHookHandler = ({ headers }, _reply, body, done) => {
  const isAnnounced = headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;
  done(null, isAnnounced ? body : Readable.from([]));
};

/** Only JSON in UTF-8 is read: a charset that says something else is believed, and refused. */
export function checkCharset(contentType: string | undefined): void {
  const named = [...(contentType ?? '').matchAll(/;\s*charset\s*=\s*"?([^";\s]*)/gi)];
  if (named.every(([, charset = '']) => /^utf-?8$/i.test(charset))) return;
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', { parameters: { expected: 'application/json; charset=utf-8' } });
}

/** Whether a body comes after the head. */
export function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
