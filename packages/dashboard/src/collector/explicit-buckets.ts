/** A histogram whose bounds are powers of 2^(2^-scale). */
export interface ExponentialBuckets {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: { readonly offset: number; readonly counts: readonly number[] };
  /** How many are below zero; how far is not kept, since durations and sizes never are. */
  readonly negativeCount: number;
}

/** What SDKs use at most, by default 160. */
const maxSentBuckets = 1_024;
/** Bounds of our own: four for each power of two is within 10 % of any value. */
const keptScale = 2;
const maxKeptBuckets = 400;

/**
 * The same with its bounds written out. They are always taken from one fixed set of powers, so that senders which change their
 * scale on the way still add up. Undefined: it cannot be a histogram.
 */
export function explicitBuckets({
  scale,
  zeroCount,
  positive,
  negativeCount,
}: ExponentialBuckets): { readonly bounds: readonly number[]; readonly counts: readonly number[] } | undefined {
  if (scale < -10 || scale > 20 || positive.counts.length > maxSentBuckets) return undefined;
  if (!Number.isSafeInteger(positive.offset) || Math.abs(positive.offset) > 2 ** 31) return undefined;
  const byIndex = new Map<number, number>();
  positive.counts.forEach((count, index) => {
    if (count === 0) return;
    // The bucket ends at base^(offset + index + 1); it goes to the bucket of ours in which that end is.
    const ends = (positive.offset + index + 1) * 2 ** -scale;
    const kept = Math.ceil(ends * 2 ** keptScale - 1e-9);
    byIndex.set(kept, (byIndex.get(kept) ?? 0) + count);
  });
  const indexes = [...byIndex.keys()].sort((one, other) => one - other);
  if (indexes.length > maxKeptBuckets) return undefined;
  const [first, last] = [indexes[0], indexes.at(-1)];
  const bounds = [0];
  const counts = [zeroCount + negativeCount];
  if (first === undefined || last === undefined) return { bounds, counts: [...counts, 0] };
  if (last - first > maxKeptBuckets || Math.abs(first) > 4_000 || Math.abs(last) > 4_000) return undefined;
  // Whole powers of two at both ends, so that there are few different sets of bounds; and one bound below the first bucket, so that
  // what is in it is not spread down to zero.
  const from = Math.floor((first - 1) / 2 ** keptScale) * 2 ** keptScale;
  const to = Math.ceil(last / 2 ** keptScale) * 2 ** keptScale;
  for (let index = from; index <= to; index += 1) {
    bounds.push(2 ** (index / 2 ** keptScale));
    counts.push(byIndex.get(index) ?? 0);
  }
  return { bounds, counts: [...counts, 0] };
}
