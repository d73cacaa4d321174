/** The cursor in the `Link` header (RFC 8288) of a page; undefined on the last one. Its path is the caller's to know. */
export function nextCursor(link: string | readonly string[] | undefined): string | undefined {
  if (typeof link !== 'string') return undefined;
  const [, target] = /<([^<>]{1,8192})>\s*;\s*rel="?next"?(?:\s*[,;]|\s*$)/.exec(link) ?? [];
  const at = target?.indexOf('?') ?? -1;
  if (target === undefined || at < 0) return undefined;
  return new URLSearchParams(target.slice(at + 1)).get('cursor') ?? undefined;
}
