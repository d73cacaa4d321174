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

/** A place where two JSON values differ, and what is there in each. */
export interface Differing {
  readonly place: string;
  readonly a: unknown;
  readonly b: unknown;
}

/**
 * Where two JSON values differ. Entries of lists that say which they are (checks, services, nodes, keys) are compared
 * with their like; a different order of those that both lists have is one difference, at `[order]`.
 */
export function* differingPlaces(a: unknown, b: unknown, place = '$'): Generator<Differing> {
  if (Object.is(a, b)) return;
  if (Array.isArray(a) && Array.isArray(b)) yield* differingEntries(a, b, place);
  else if (isRecord(a) && isRecord(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      yield* differingPlaces(a[key], b[key], `${place}.${key}`);
  } else yield { place, a, b };
}

function* differingEntries(a: readonly unknown[], b: readonly unknown[], place: string): Generator<Differing> {
  const [left, right] = [named(a), named(b)];
  for (const name of new Set([...left.keys(), ...right.keys()]))
    yield* differingPlaces(left.get(name), right.get(name), `${place}[]`);
  const orders = [left, right].map((one) =>
    [...one.keys()].filter((name) => left.has(name) && right.has(name)).join(' '),
  );
  if (orders[0] !== orders[1]) yield { place: `${place}[order]`, a: orders[0], b: orders[1] };
}

/** The entries of a list by what they say they are, or by where they stand. */
function named(list: readonly unknown[]): ReadonlyMap<string, unknown> {
  const places = ['$.Node', '$.ServiceID', '$.Service.ID', '$.CheckID', '$.Key', '$.ID'];
  const names = list.map((entry, index) => {
    const name = isRecord(entry)
      ? places.map((one) => valueAt(entry, one)).filter((one) => typeof one === 'string')
      : [];
    return name.length > 0 ? name.join('/') : `${index}`;
  });
  // What is there twice has no name.
  const distinct = new Set(names).size === names.length;
  return new Map(list.map((entry, index) => [distinct ? (names[index] ?? '') : `${index}`, entry]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
