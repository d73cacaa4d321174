/** What a list of `name=value` says, and what of it cannot be read. */
export interface ReadList {
  readonly entries: ReadonlyMap<string, string>;
  /** The entries that are none, by what can only be a name, else by their place: what is written there may be a secret. */
  readonly wrong: readonly string[];
}

/** What can be shown: a token that somebody put where a name belongs has spaces before it, or is longer. */
const plainName = /^[a-z][\w.-]{0,39}$/i;

/** Reads `name=value,name=value`, as OpenTelemetry writes headers and attributes: values are percent-encoded. */
export function readList(text: string | undefined, isName: RegExp): ReadList {
  const entries = new Map<string, string>();
  const wrong: string[] = [];
  for (const [index, entry] of (text ?? '').split(',').entries()) {
    if (entry.trim() === '') continue;
    const at = entry.indexOf('=');
    const name = entry.slice(0, Math.max(at, 0)).trim();
    if (at > 0 && isName.test(name)) entries.set(name, decoded(entry.slice(at + 1).trim()));
    else wrong.push(plainName.test(name) ? name : `entry ${index + 1}`);
  }
  return { entries, wrong };
}

/** What is no valid percent-encoding means itself: many write a token as it is. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
