/** What a rotation picks from. The rotation owns `credit`. */
export interface WeightedItem {
  readonly record: { readonly weight: number };
  credit: number;
}

/**
 * Smooth weighted round robin: every turn each item gains its weight in credit, the one with the most is picked and pays
 * the sum of all weights. Items come up in proportion to their weights and as evenly spread as can be: 5, 1, 1
 * gives a a b a c a a, not a a a a a b c. Items of weight 0 come up, in plain rotation, only when there is no other.
 *
 * @param items in a stable order, so that ties are always broken alike
 */
export function pickWeighted<T extends WeightedItem>(items: readonly T[]): T | undefined {
  let total = 0;
  for (const item of items) total += item.record.weight;
  let best: T | undefined;
  for (const item of items) {
    // When all weights are 0 each counts as 1.
    const weight = total === 0 ? 1 : item.record.weight;
    if (weight === 0) continue;
    item.credit += weight;
    if (best === undefined || item.credit > best.credit) best = item;
  }
  if (best !== undefined) best.credit -= total === 0 ? items.length : total;
  return best;
}
