import { hash } from 'node:crypto';

/** The tags of a condition: any (`*`), or these. */
export type NamedTags = '*' | readonly { readonly weak: boolean; readonly opaque: string }[];

/** OpenSSL is faster for longer ones; for most, the call alone costs more than the rest of the tag. */
const longestOfOurs = 1_024;

/**
 * The strong entity tag (RFC 9110, 8.8.3) of a representation, with quotes. It is made from what is sent, so it also changes
 * when a release shows a record differently or the database is replaced. Two versions of a record have the same tag with a
 * probability of 2^-64. Forging two gains nothing: it takes the right to change the record.
 */
export function entityTag(representation: string): string {
  if (representation.length <= longestOfOurs) return shortTag(representation);
  return `"${hash('sha256', representation, 'base64url').slice(0, 22)}"`;
}

/** A tag of 64 bits: two multiplicative hashes with different factors, mixed as MurmurHash3 does at its end. */
function shortTag(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  // Five bits per digit, in one call: `toString(36)` takes longer than all the rest.
  return String.fromCharCode(
    quote,
    digit(a),
    digit(a >>> 5),
    digit(a >>> 10),
    digit(a >>> 15),
    digit(a >>> 20),
    digit(a >>> 25),
    digit((a >>> 30) | (b << 2)),
    digit(b >>> 3),
    digit(b >>> 8),
    digit(b >>> 13),
    digit(b >>> 18),
    digit(b >>> 23),
    digit(b >>> 28),
    quote,
  );
}

const quote = 0x22;

/** The character code for the lowest five bits: 0 to 9, a to v. */
function digit(bits: number): number {
  const value = bits & 31;
  return value + (value < 10 ? 48 : 87);
}

const listOfTags = /^[ \t,]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*(?:,[ \t,]*|$))+$/;

/** Reads `If-Match` and `If-None-Match` (RFC 9110, 13.1); `undefined` if the field is not valid. */
export function readTags(field: string): NamedTags | undefined {
  const text = field.trim();
  if (text === '*') return '*';
  if (!listOfTags.test(text)) return undefined;
  return [...text.matchAll(/(W\/)?("[^"]*")/g)].map(([, weak, opaque = '']) => ({ weak: weak !== undefined, opaque }));
}

/** Strong comparison (RFC 9110, 8.8.3.2), for writes: a weak tag matches nothing. */
export function matchesStrongly(named: NamedTags | undefined, tag: string): boolean {
  if (named === '*') return true;
  return named?.some(({ weak, opaque }) => !weak && opaque === tag) === true;
}

/** Weak comparison, for reads: a proxy that compresses answers weakens their tags. */
export function matchesWeakly(named: NamedTags | undefined, tag: string): boolean {
  if (named === '*') return true;
  return named?.some(({ opaque }) => opaque === tag) === true;
}
