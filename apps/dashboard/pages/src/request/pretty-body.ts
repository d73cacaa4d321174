/** A body as people read it: JSON with indentation, everything else as it is. */
export function prettyBody(body: string): string {
  const first = body.trimStart()[0];
  if (first !== '{' && first !== '[') return body;
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    // Cut off, or no JSON after all.
    return body;
  }
}
