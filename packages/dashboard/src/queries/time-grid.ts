/** Steps that a person reads well, in seconds. */
const goodSteps: readonly number[] = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400,
];

/** Slices of time, all as long as one another. Times are microseconds since the epoch. */
export interface TimeGrid {
  readonly fromUs: number;
  readonly stepUs: number;
  readonly count: number;
}

/**
 * Slices from `fromMs` to `toMs`, about `points` of them. They begin at round times, so that a chart that moves on with time keeps
 * the slices that it has.
 */
export function timeGrid(fromMs: number, toMs: number, points: number = 120): TimeGrid {
  const wanted = Math.min(Math.max(Math.trunc(points), 1), 1_000);
  const lengthS = Math.max((toMs - fromMs) / 1_000, 1);
  const stepS = goodSteps.find((step) => lengthS / step <= wanted) ?? Math.ceil(lengthS / wanted / 86_400) * 86_400;
  const first = Math.floor(fromMs / 1_000 / stepS);
  const last = Math.ceil(toMs / 1_000 / stepS);
  return { fromUs: first * stepS * 1e6, stepUs: stepS * 1e6, count: Math.max(1, last - first) };
}

/** When each slice ends, in milliseconds since the epoch. */
export function timesOf({ fromUs, stepUs, count }: TimeGrid): readonly number[] {
  return Array.from({ length: count }, (_, index) => (fromUs + (index + 1) * stepUs) / 1_000);
}

/** Calls `fill` for each slice that from … to overlaps, with the share of from … to that is in it. */
export function spread(
  grid: TimeGrid,
  fromUs: number,
  toUs: number,
  fill: (slice: number, share: number) => void,
): void {
  const lengthUs = toUs - fromUs;
  if (lengthUs <= 0) return;
  const first = Math.max(0, Math.floor((fromUs - grid.fromUs) / grid.stepUs));
  for (let slice = first; slice < grid.count; slice += 1) {
    const beginUs = grid.fromUs + slice * grid.stepUs;
    if (beginUs >= toUs) return;
    const overlapUs = Math.min(toUs, beginUs + grid.stepUs) - Math.max(fromUs, beginUs);
    if (overlapUs > 0) fill(slice, overlapUs / lengthUs);
  }
}
