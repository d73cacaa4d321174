/** Whether the terminal shows more than ASCII. */
export function hasUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'UTF-8');
}
