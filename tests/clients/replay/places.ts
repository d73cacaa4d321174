/** Places in JSON are written `$.Config.Datacenter`, `$[0].Node`, `$.length` for the number of entries. */

/** What is at a place; undefined when there is nothing. */
export function valueAt(json: unknown, place: string): unknown {
  let value = json;
  for (const [, name, index] of place.matchAll(/\.([\w-]+)|\[(\d+)\]/g)) {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = name ?? index ?? '';
    if (key === 'length' && !('length' in value)) return Object.keys(value).length;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** Where two JSON values differ, with what is there in each. */
export function* differingPlaces(
  a: unknown,
  b: unknown,
  place = '$',
): Generator<{ readonly place: string; readonly a: unknown; readonly b: unknown }> {
  if (Object.is(a, b)) return;
  if (
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  ) {
    yield { place, a, b };
    return;
  }
  // Both are objects or both arrays, whose entries are their properties.
  const [left, right] = [a, b] as readonly Readonly<Record<string, unknown>>[];
  const list = Array.isArray(a);
  for (const key of new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])) {
    yield* differingPlaces(left?.[key], right?.[key], list ? `${place}[${key}]` : `${place}.${key}`);
  }
}
