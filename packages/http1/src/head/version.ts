import { CHAR_CLASS, DIGIT } from '../bytes/char-class.ts';
import type { Reason } from '../reasons/reasons.ts';

/** `HTTP/1.`: what every version that is supported begins with. */
const BEGINNING = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e];
const MAJOR_AT = 5;
const DOT_AT = 6;
const CR = 0x0d;
const LF = 0x0a;
export const ZERO = 0x30;
const ONE = 0x31;
export const VERSION_BYTES = 8;

/**
 * Checks byte number `at` of the eight of `HTTP/1.0` or `HTTP/1.1` (RFC 9112 section 2.3, letters in upper case). A higher minor
 * version is read as 1.1, the highest there is (RFC 9110 section 2.5).
 */
export function versionByteReason(at: number, byte: number): Reason | undefined {
  if (at < BEGINNING.length && byte === BEGINNING[at]) return undefined;
  if (byte === LF) return 'bare-lf';
  if (at < MAJOR_AT || at === DOT_AT || ((CHAR_CLASS[byte] ?? 0) & DIGIT) === 0) return 'bad-version';
  return at === MAJOR_AT ? 'unsupported-version' : undefined;
}

/** Whether `HTTP/1.0 CRLF` or `HTTP/1.1 CRLF` stands at `p`: the quick way for a line that came in one piece. */
export function isVersionLineEnd(buffer: Uint8Array, p: number): boolean {
  const minor = buffer[p + 7];
  return (
    buffer[p] === 0x48 &&
    buffer[p + 1] === 0x54 &&
    buffer[p + 2] === 0x54 &&
    buffer[p + 3] === 0x50 &&
    buffer[p + 4] === 0x2f &&
    buffer[p + 5] === 0x31 &&
    buffer[p + 6] === 0x2e &&
    (minor === ONE || minor === ZERO) &&
    buffer[p + 8] === CR &&
    buffer[p + 9] === LF
  );
}

export const VERSION_LINE_END_BYTES = 10;
