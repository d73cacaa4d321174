/** Header fields as a person writes them, one per line. Lines without a colon are no fields. */
export function headersOf(lines: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines.split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim();
    if (colon > 0 && name !== '') headers[name] = line.slice(colon + 1).trim();
  }
  return headers;
}
