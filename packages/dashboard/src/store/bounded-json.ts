/** How much of one span or line is kept, as JSON: more than a person reads. */
const maxJsonChars = 65_536;
/** What remains of each long text in something larger. */
const maxTextChars = 2_048;
const maxNameChars = 256;
const maxDepth = 24;

/** `value` as JSON, cut where it is long, so that one huge attribute does not take the room of a thousand spans. */
export function boundedJson(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  return json.length <= maxJsonChars ? json : JSON.stringify(shortened(value, { left: maxJsonChars / 2 }, 0));
}

function shortened(value: unknown, room: { left: number }, depth: number): unknown {
  if (typeof value === 'string') {
    const chars = Math.max(0, Math.min(value.length, maxTextChars, room.left));
    room.left -= chars;
    return chars === value.length ? value : `${value.slice(0, chars)}… (cut, ${value.length} characters)`;
  }
  room.left -= 8;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth || room.left <= 0) return '… (cut)';
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      if (room.left <= 0) break;
      items.push(shortened(item, room, depth + 1));
    }
    return items;
  }
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (room.left <= 0) break;
    room.left -= Math.min(key.length, maxNameChars);
    entries.push([key.slice(0, maxNameChars), shortened(item, room, depth + 1)]);
  }
  return Object.fromEntries(entries);
}
