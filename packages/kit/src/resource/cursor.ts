/**
 * A place in a list that is ordered by id, as the opaque text a client sends back. It holds the last id seen, and not
 * how many were seen, so rows that are added or removed in the meantime move nobody's place.
 */
export function encodeCursor(afterId: number): string {
  return Buffer.from(`after:${afterId}`, 'latin1').toString('base64url');
}

/** The last id seen that `cursor` stands for; undefined if {@link encodeCursor} never gave it out. */
export function decodeCursor(cursor: string): number | undefined {
  if (cursor.length > 64) return undefined;
  const id = /^after:([1-9][0-9]{0,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  if (id === undefined || !Number.isSafeInteger(Number(id))) return undefined;
  // Base64 has several spellings of the same bytes; only ours is a cursor.
  return encodeCursor(Number(id)) === cursor ? Number(id) : undefined;
}
