import { charClass, DIGIT } from '../bytes/char-class.ts';
import { strippedParts } from '../bytes/token.ts';
import type { Reason } from '../reasons/reasons.ts';

/** How the end of a body is found (RFC 9112 section 6.3). */
export type Framing = 'none' | 'length' | 'chunked' | 'until-close';

/** The numbers up to 2^53 - 1 have at most this many digits. */
const MAX_LENGTH_DIGITS = 16;
const ZERO = 0x30;

/** Why a Content-Length value is refused, or `undefined` when `parseLength` may read it. */
export function lengthProblem(value: string): Reason | undefined {
  const { length } = value;
  if (length === 0) return 'bad-content-length';
  for (let i = 0; i < length; i++) if ((charClass(value.charCodeAt(i)) & DIGIT) === 0) return 'bad-content-length';
  // `005` is 5 to most programs and 5 in octal to some.
  if (length > 1 && value.charCodeAt(0) === ZERO) return 'bad-content-length';
  if (length > MAX_LENGTH_DIGITS || Number(value) > Number.MAX_SAFE_INTEGER) return 'content-length-overflow';
  return undefined;
}

/** The one length of a list that repeats it (`5, 5`), else the value as it is. */
export function oneLength(value: string): string {
  if (!value.includes(',')) return value;
  const [first = '', ...others] = strippedParts(value);
  // An empty element is no length, and others read nothing past it.
  const whole = others.length === value.split(',').length - 1;
  return whole && others.every((other) => other === first) ? first : value;
}

/** Whether the value is the one transfer coding that is supported: `chunked` alone, in any case (RFC 9112 section 7). */
export function isChunked(value: string): boolean {
  return value === 'chunked' || (value.length === 7 && value.toLowerCase() === 'chunked');
}
