/** A measurement as it is kept: a total since a start, or a value. */
export interface KeptPoint {
  readonly atUs: number;
  readonly startUs: number;
  readonly value: number;
  /** Of a histogram. */
  readonly count: number;
  readonly bounds: readonly number[];
  /** One more than there are bounds, or none. */
  readonly counts: readonly number[];
}

/** By how much a total grew from one measurement to the next. */
export interface Increase {
  readonly fromUs: number;
  readonly toUs: number;
  readonly value: number;
  readonly count: number;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** What a program counted before the first that is known of it, if that is not long: it had just begun. */
const longestFirstUs = 120_000_000;

/**
 * The increases between measurements of one series, in their order. A total that began again, because its program did, counts from
 * zero; it never makes a negative increase.
 */
export function* increases(points: Iterable<KeptPoint>): Generator<Increase> {
  let before: KeptPoint | undefined;
  for (const point of points) {
    const increase = before === undefined ? sinceStart(point) : between(before, point);
    if (increase !== undefined) yield increase;
    before = point;
  }
}

function sinceStart(point: KeptPoint): Increase | undefined {
  const { startUs, atUs } = point;
  if (startUs <= 0 || startUs >= atUs || atUs - startUs > longestFirstUs) return undefined;
  return { ...point, fromUs: startUs, toUs: atUs };
}

function between(before: KeptPoint, point: KeptPoint): Increase | undefined {
  if (point.atUs <= before.atUs) return undefined;
  const beganAgain =
    (point.startUs !== before.startUs && point.startUs >= before.atUs) ||
    point.count < before.count ||
    (point.count === 0 && point.value < before.value);
  const fromUs = beganAgain ? Math.min(Math.max(before.atUs, point.startUs), point.atUs - 1) : before.atUs;
  if (beganAgain) return { ...point, fromUs, toUs: point.atUs };
  return {
    fromUs,
    toUs: point.atUs,
    value: point.value - before.value,
    count: point.count - before.count,
    bounds: point.bounds,
    counts: countsBetween(before, point),
  };
}

function countsBetween(before: KeptPoint, point: KeptPoint): readonly number[] {
  if (before.bounds === point.bounds)
    return point.counts.map((count, index) => Math.max(0, count - (before.counts[index] ?? 0)));
  // Bounds that grew with what was measured: each bucket is known by its upper one.
  const known = new Map<number, number>();
  for (const [index, count] of before.counts.entries())
    known.set(before.bounds[index] ?? Number.POSITIVE_INFINITY, count);
  return point.counts.map((count, index) =>
    Math.max(0, count - (known.get(point.bounds[index] ?? Number.POSITIVE_INFINITY) ?? 0)),
  );
}
