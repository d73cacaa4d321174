/**
 * A position in a list ordered by id, as an opaque string that the client sends back. It contains the last id seen rather than
 * a count, so rows that are added or removed in the meantime do not shift it.
 */
export function encodeCursor(afterId: number): string {
  return Buffer.from(`after:${afterId}`, 'latin1').toString('base64url');
}

/** The last id seen of a cursor; undefined if it is not from {@link encodeCursor}. */
export function decodeCursor(cursor: string): number | undefined {
  if (cursor.length > 64) return undefined;
  const id = /^after:([1-9][0-9]{0,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  if (id === undefined || !Number.isSafeInteger(Number(id))) return undefined;
  // Base64 can spell the same bytes in several ways; only ours is a cursor.
  return encodeCursor(Number(id)) === cursor ? Number(id) : undefined;
}
