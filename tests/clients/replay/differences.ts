import type { Difference } from './compare.ts';

/** Where we answer differently on purpose. `docs/registry-differences.md` has a row for each id, with the reason. */
export interface PublishedDifference {
  readonly id: string;
  /** The steps where it shows, by title. */
  readonly steps: RegExp;
  /** The places where it shows there. */
  readonly where: RegExp;
}

const publishedDifferences: readonly PublishedDifference[] = [];

/** The published difference that covers this one. */
export function publishedFor({ step, where }: Difference): PublishedDifference | undefined {
  return publishedDifferences.find((one) => one.steps.test(step) && one.where.test(where));
}
