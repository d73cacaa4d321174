/** What part of the past a page shows. */
export type TimeRange =
  | { readonly kind: 'last'; readonly lastMs: number }
  | { readonly kind: 'between'; readonly fromMs: number; readonly toMs: number };

const minuteMs = 60_000;

/** The ranges that pages offer, by the word that stands for them in an address. */
export const lastRanges: Readonly<Record<string, number>> = {
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
  '6h': 360 * minuteMs,
  '24h': 1440 * minuteMs,
};

/** The range of an address: `range=15m`, or `from_ms=…&to_ms=…`. What cannot be read is the default. */
export function rangeOf(search: URLSearchParams, defaultRange: string): TimeRange {
  const fromMs = wholeNumber(search.get('from_ms'));
  const toMs = wholeNumber(search.get('to_ms'));
  if (fromMs !== undefined && toMs !== undefined && fromMs < toMs) return { kind: 'between', fromMs, toMs };
  const word = search.get('range') ?? defaultRange;
  return { kind: 'last', lastMs: lastRanges[word] ?? lastRanges[defaultRange] ?? 15 * minuteMs };
}

/** The word of a range, if it is one of those that pages offer. */
export function wordOf(range: TimeRange): string | undefined {
  if (range.kind === 'between') return undefined;
  return Object.entries(lastRanges).find(([, lastMs]) => lastMs === range.lastMs)?.[0];
}

/** Puts a range into an address, and takes an earlier one out of it. */
export function putRange(search: URLSearchParams, range: TimeRange): void {
  for (const name of ['range', 'from_ms', 'to_ms']) search.delete(name);
  switch (range.kind) {
    case 'last': {
      const word = wordOf(range);
      if (word !== undefined) search.set('range', word);
      return;
    }
    case 'between':
      search.set('from_ms', String(Math.floor(range.fromMs)));
      search.set('to_ms', String(Math.ceil(range.toMs)));
      return;
    default:
      range satisfies never;
  }
}

/** When a range begins and ends, in milliseconds since the epoch. */
export function limitsOf(range: TimeRange, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  switch (range.kind) {
    case 'last':
      return { fromMs: nowMs - range.lastMs, toMs: nowMs };
    case 'between':
      return { fromMs: range.fromMs, toMs: range.toMs };
    default:
      return range satisfies never;
  }
}

/** A whole number that is not negative; undefined for everything else. */
export function wholeNumber(text: string | null): number | undefined {
  if (text === null || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}
