/**
 * The name closest to `given`, if it is so close that `given` is probably a typing error.
 *
 * @param most how many edits may lie between them. Default: a third of the letters, and at least two; more is another word.
 */
export function nearestName(
  given: string,
  names: Iterable<string>,
  most: number = Math.max(2, Math.floor(given.length / 3)),
): string | undefined {
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const name of names) {
    const distance = slipsBetween(given.slice(0, 100), name);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * How many letters must be inserted, removed, replaced or swapped with their neighbour to turn `a` into `b` (optimal
 * string alignment), one row at a time.
 */
function slipsBetween(a: string, b: string): number {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (beforePrevious[j - 2] ?? 0) + 1 : replaced;
      row.push(Math.min(replaced, swapped, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    [beforePrevious, previous] = [previous, row];
  }
  return previous[b.length] ?? 0;
}
