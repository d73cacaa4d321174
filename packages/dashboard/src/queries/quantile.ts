/** How often something was measured, by size: one count for each bound, and one for what is above the last. */
export interface Distribution {
  readonly bounds: readonly number[];
  readonly counts: ArrayLike<number>;
}

/**
 * The value below which `q` of all measurements are; undefined if there are none. Within a bucket they are taken to be spread
 * evenly. What is above the last bound is only known to be at least that.
 */
export function quantile(distributions: readonly Distribution[], q: number): number | undefined {
  const bounds = [...new Set(distributions.flatMap((one) => one.bounds))].sort((one, other) => one - other);
  let total = 0;
  for (const { counts } of distributions)
    for (let index = 0; index < counts.length; index += 1) total += counts[index] ?? 0;
  const last = bounds.at(-1);
  // Sums of parts are not exact: nothing is as little as that.
  if (!(total > 1e-9) || last === undefined) return undefined;
  const wanted = q * total;
  let [lowerBound, lowerCount] = [Math.min(0, bounds[0] ?? 0), 0];
  for (const bound of bounds) {
    const count = distributions.reduce((sum, one) => sum + countBelow(one, bound), 0);
    if (count >= wanted && count > lowerCount)
      return lowerBound + ((bound - lowerBound) * (wanted - lowerCount)) / (count - lowerCount);
    [lowerBound, lowerCount] = [bound, count];
  }
  return last;
}

function countBelow({ bounds, counts }: Distribution, limit: number): number {
  let sum = 0;
  let lower = Math.min(0, bounds[0] ?? 0);
  for (const [index, bound] of bounds.entries()) {
    const count = counts[index] ?? 0;
    if (bound <= limit) sum += count;
    else {
      if (limit > lower) sum += (count * (limit - lower)) / (bound - lower);
      return sum;
    }
    lower = bound;
  }
  return sum;
}
