import { hash } from 'node:crypto';

/** The tags a condition names: any (`*`), or these. */
export type NamedTags = '*' | readonly { readonly weak: boolean; readonly opaque: string }[];

/**
 * The strong entity tag (RFC 9110, 8.8.3) of a representation, quotes included. It is made of the bytes that are sent,
 * so it also changes when a release shows a record differently or a database is replaced by another one.
 */
export function entityTag(representation: string): string {
  // 128 of 256 bits: nobody meets two records with one tag by chance.
  return `"${hash('sha256', representation, 'base64url').slice(0, 22)}"`;
}

const listOfTags = /^[ \t,]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*(?:,[ \t,]*|$))+$/;

/** Reads `If-Match` and `If-None-Match` (RFC 9110, 13.1); `undefined` when the field is not of their grammar. */
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

/** Weak comparison, for reads: a proxy that compresses answers makes their tags weak. */
export function matchesWeakly(named: NamedTags | undefined, tag: string): boolean {
  if (named === '*') return true;
  return named?.some(({ opaque }) => opaque === tag) === true;
}
