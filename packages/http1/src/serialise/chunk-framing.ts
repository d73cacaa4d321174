import type { FieldList } from '../fields/field-list.ts';
import { CRLF, fieldLines } from './field-line.ts';

/**
 * What goes before the data of a chunk of `sizeBytes`; write `CRLF` after the data. Throws a RangeError for 0, since that
 * would end the body.
 */
export function chunkHeader(sizeBytes: number): string {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes <= 0) throw new RangeError('A chunk needs at least one byte.');
  return `${sizeBytes.toString(16)}\r\n`;
}

/** Ends a chunked body that has no trailers. */
export const LAST_CHUNK = '0\r\n\r\n';

/** Ends a chunked body; every trailer is checked like `fieldLine`. */
export function lastChunk(trailers: FieldList): string {
  return trailers.length === 0 ? LAST_CHUNK : `0\r\n${fieldLines(trailers)}${CRLF}`;
}
