import { ForeseenError } from '@flotilla/contracts';

/**
 * The cursor in the `Link` header (RFC 8288) of a page; undefined on the last one. Its path is the caller's to know.
 *
 * @param current the cursor of this page; undefined on the first
 * @throws {ForeseenError} when there is a next page and nobody can say where: without it, a part would pass for the whole
 */
export function nextCursor(link: string | readonly string[] | undefined, current: unknown): string | undefined {
  const text = String(link ?? '');
  if (!/;\s*rel="?next(?![\w-])/i.test(text)) return undefined;
  const [, target = ''] = /<([^<>]{1,8192})>\s*;\s*rel="?next"?(?:\s*[,;]|\s*$)/i.exec(text) ?? [];
  const cursor = target.includes('?') ? new URLSearchParams(target.slice(target.indexOf('?') + 1)).get('cursor') : null;
  if (cursor === null || cursor === '') throw new ForeseenError('The link to the next page has no cursor');
  if (cursor === current) throw new ForeseenError('The link to the next page leads back to the same page');
  return cursor;
}
