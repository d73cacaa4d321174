/**
 * A strict, incremental HTTP/1.1 codec: bytes in, heads and ranges of content out. No sockets, no timers, no imports.
 *
 * ```ts
 * // One of each per connection, reused for every message on it.
 * const parser = new RequestHeadParser(limits);
 * const body = new BodyDecoder('request', limits);
 * let inBody = false;
 *
 * function onData(chunk: Buffer): void {
 *   let at = 0;
 *   while (at < chunk.length) {
 *     if (!inBody) {
 *       at += parser.push(chunk, at, chunk.length);
 *       if (parser.rejection !== undefined) return answerAndClose(parser.rejection);
 *       if (parser.head === undefined) return; // need-more: everything was taken
 *       body.start(parser.head.framing, parser.head.contentLength);
 *       inBody = true;
 *       forward(parser.head);
 *     }
 *     let event = body.read(chunk, at, chunk.length);
 *     while (event === 'data') {
 *       send(chunk, body.dataStart, body.dataEnd); // a range of this chunk: copy it or send it, it is not kept here
 *       event = body.read(chunk, body.position, chunk.length);
 *     }
 *     at = body.position;
 *     if (event === 'rejected') return abort(body.rejection);
 *     if (event === 'need-more') return;
 *     finish(body.trailers);
 *     inBody = false;
 *     parser.reset();
 *   }
 * }
 * ```
 *
 * For responses call `parser.expect(method, offeredProtocols)` when a request is sent, `parser.reset()` after an
 * informational head, and on the end of the connection ask `body.finish()` whether the body is complete.
 */
export { BodyDecoder, type BodyEvent } from './body/body-decoder.ts';
export { type FieldList, type IdentifiedFields, lowerNameAt, valueOf } from './fields/field-list.ts';
export { FIELD_ID_COUNT, fieldNameId, fieldNameOf } from './fields/field-names.ts';
export { DEFAULT_LIMITS, DEFAULT_RESPONSE_LIMITS, type Limits, type UnderscorePolicy } from './fields/limits.ts';
export type { Framing } from './head/framing.ts';
export { isHost, isHostWithPort } from './head/host.ts';
export type { ParsedRequestHead } from './head/request-head.ts';
export { type HeadState, RequestHeadParser } from './head/request-head-parser.ts';
export type { ParsedResponseHead } from './head/response-head.ts';
export { ResponseHeadParser } from './head/response-head-parser.ts';
export type { TargetForm } from './head/target.ts';
export { REASONS, type Reason, type ReasonRow } from './reasons/reasons.ts';
export type { Rejection } from './reasons/rejection.ts';
export { TOLERATED, type ToleratedForm, type ToleratedName } from './reasons/tolerated.ts';
export { chunkHeader, LAST_CHUNK, lastChunk } from './serialise/chunk-framing.ts';
export { CRLF, fieldLine, fieldLines, isFieldValue, parsedFieldLine } from './serialise/field-line.ts';
export {
  parsedRequestLine,
  parsedStatusLine,
  requestHead,
  requestLine,
  responseHead,
  statusLine,
} from './serialise/start-line.ts';
