/** W3C Baggage asks for at least this much to be passed on; more is not. */
const maxBytes = 8_192;
const maxEntries = 64;

/** A list of entries: what a header may contain at all, and no control characters. */
const header = /^[\x20-\x7e]+$/;
const name = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The `baggage` of a request as it is passed on, unchanged; undefined if there is none or it is not valid as a header. */
export function acceptBaggage(value: string | undefined): string | undefined {
  if (value === undefined || value === '' || value.length > maxBytes || !header.test(value)) return undefined;
  return value;
}

/** The entries of a `baggage` header; what cannot be read is left out. */
export function readBaggage(value: string | undefined): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const entry of acceptBaggage(value)?.split(',') ?? []) {
    const [pair = ''] = entry.split(';', 1);
    const at = pair.indexOf('=');
    const key = pair.slice(0, at).trim();
    const read = decoded(pair.slice(at + 1).trim());
    if (at > 0 && name.test(key) && read !== undefined && entries.size < maxEntries) entries.set(key, read);
  }
  return entries;
}

/** A `baggage` header of these entries; those that have no name of a header, or do not fit, are left out. */
export function formatBaggage(entries: ReadonlyMap<string, string>): string | undefined {
  let text = '';
  let count = 0;
  for (const [key, value] of entries) {
    const entry = `${count === 0 ? '' : ','}${key}=${encodeURIComponent(value.toWellFormed())}`;
    if (!name.test(key) || count === maxEntries || text.length + entry.length > maxBytes) continue;
    text += entry;
    count += 1;
  }
  return text === '' ? undefined : text;
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
