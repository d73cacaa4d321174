import { createHash } from 'node:crypto';

/** A hash of texts, in hexadecimal digits: databases that ignore case compare it correctly. */
export function hashOf(...texts: readonly string[]): string {
  // As JSON, so that no two lists of texts look the same.
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

/** A hash of a JSON value. The order of an object's fields does not matter. */
export function fingerprintOf(value: unknown): string {
  return hashOf(JSON.stringify(value, (_name, each: unknown) => sorted(each)) ?? '');
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
