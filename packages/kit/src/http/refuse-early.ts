import { Readable } from 'node:stream';
import { AppError } from '@flotilla/contracts';
import type { FastifyRequest, preParsingHookHandler } from 'fastify';

/** No honest request has a longer target, and it would fill the logs. */
const maxTargetLength = 8192;

/** Throws if the head of a request is ambiguous in every dialect, before the body is read. */
export function refuseEarly(request: FastifyRequest): void {
  const { raw, headers } = request;
  // RFC 9112, 3.2. Node's own answer would have no body, so we answer instead.
  if (headers.host === undefined && raw.httpVersion === '1.1')
    throw new AppError('BAD_MESSAGE', { detail: 'The Host header is missing.' });
  if ((raw.url ?? '').length > maxTargetLength) throw new AppError('URI_TOO_LONG');
  // Node passes a fragment on, and the router treats it as a query: `/user#id=1` could be read in two ways.
  if (raw.url?.includes('#') === true)
    throw new AppError('AMBIGUOUS_TARGET', { detail: 'The request target has a fragment.' });
  if (!hasBody(request)) return;
  // RFC 9112, 6.1. Node decodes the chunks, but leaves any other coding that comes before.
  const transferCoding = headers['transfer-encoding'];
  if (transferCoding !== undefined && transferCoding.trim().toLowerCase() !== 'chunked')
    throw new AppError('NOT_IMPLEMENTED', { detail: 'The only supported transfer coding is chunked.' });
}

/**
 * Lets a request without a body name any content type if no body is expected: many clients always send `Content-Type:
 * application/json`, and `curl -d ''` sends that of a form. A route that takes a body still reports that it is missing.
 */
export function forgetTypeOfNoBody(request: FastifyRequest): void {
  if (request.raw.headers['content-type'] === undefined || hasBody(request)) return;
  if (request.routeOptions.schema?.body !== undefined) return;
  // On Node's own object: Fastify looks for the type nowhere else.
  delete request.raw.headers['content-type'];
}

/**
 * The `preParsing` hook of a route that takes a body: gives a request that announces none an empty one to read. Node has
 * already ended the stream of such a request, and Fastify would wait for its end forever.
 */
export const readNoneAsEmpty: preParsingHookHandler = ({ headers }, _reply, body, done) => {
  const isAnnounced = headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;
  done(null, isAnnounced ? body : Readable.from([]));
};

/** Only JSON in UTF-8 is accepted: a request with another charset is refused. */
export function checkCharset(contentType: string | undefined): void {
  const named = [...(contentType ?? '').matchAll(/;\s*charset\s*=\s*"?([^";\s]*)/gi)];
  if (named.every(([, charset = '']) => /^utf-?8$/i.test(charset))) return;
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', { parameters: { expected: 'application/json; charset=utf-8' } });
}

/** Whether a body comes after the head. */
export function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
