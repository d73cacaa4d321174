/** What to say when two of these settings name one port; undefined when none do. 0 is any free one. */
export function repeatedPort(config: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  const seen = new Map<number, string>();
  for (const name of names) {
    const port = config[name];
    if (typeof port !== 'number' || port === 0) continue;
    const other = seen.get(port);
    if (other !== undefined) return `${name} and ${other} are both ${port}. Set them to different ports.`;
    seen.set(port, name);
  }
  return undefined;
}
