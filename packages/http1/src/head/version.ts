import { CHAR_CLASS, DIGIT } from '../bytes/char-class.ts';
import type { Reason } from '../reasons/reasons.ts';

/** `HTTP/1.`: what every version that is supported begins with. */
const BEGINNING = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e];
const MAJOR_AT = 5;
const DOT_AT = 6;
const LF = 0x0a;
const ONE = 0x31;
export const VERSION_BYTES = 8;

/** Checks byte number `at` of the eight of `HTTP/1.0` or `HTTP/1.1` (RFC 9112 section 2.3, letters in upper case). */
export function versionByteReason(at: number, byte: number): Reason | undefined {
  if (at < BEGINNING.length && byte === BEGINNING[at]) return undefined;
  if (byte === LF) return 'bare-lf';
  if (at < MAJOR_AT || at === DOT_AT || ((CHAR_CLASS[byte] ?? 0) & DIGIT) === 0) return 'bad-version';
  return at === MAJOR_AT || byte > ONE ? 'unsupported-version' : undefined;
}
