import { encodeCursor, type Page } from '../resource/index.ts';

/**
 * The `Link` header (RFC 8288) to the page after this one; undefined on the last one. It has the path and the parameters of
 * the request, with another cursor.
 *
 * @param target the request's path and query, which were checked
 */
export function linkToNext(target: string, page: Page<unknown>): string | undefined {
  if (page.nextAfterId === undefined) return undefined;
  // What could end the address early is encoded here.
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  // At the end, where the eye looks for it.
  searchParams.delete('cursor');
  searchParams.append('cursor', encodeCursor(page.nextAfterId));
  return `<${pathname}?${searchParams.toString()}>; rel="next"`;
}
