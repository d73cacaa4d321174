import type { PointRecord } from './records.ts';

interface Total {
  readonly startUs: number;
  atUs: number;
  value: number;
  count: number;
  /** By the upper bound of the bucket: senders may change their bounds on the way. */
  readonly counts: Map<number, number>;
}

/**
 * Adds up what was sent as increases, so that everything is kept in one way: as totals since a start. After a restart of the
 * dashboard they begin again, which readers take for a restart of the sender.
 */
export class RunningTotals {
  readonly #totals = new Map<number, Total>();

  /** The point as a total; undefined if it was added before. */
  add(series: number, point: PointRecord): PointRecord | undefined {
    if (point.temporality === 'cumulative') return point;
    let total = this.#totals.get(series);
    if (total === undefined) {
      total = { startUs: point.startUs || point.atUs - 1, atUs: 0, value: 0, count: 0, counts: new Map() };
      this.#totals.set(series, total);
    }
    if (point.atUs <= total.atUs) return undefined;
    total.atUs = point.atUs;
    const { value } = point;
    const as = { ...point, temporality: 'cumulative', startUs: total.startUs } as const;
    if (typeof value === 'number') {
      total.value += value;
      return { ...as, value: total.value };
    }
    total.value += value.sum;
    total.count += value.count;
    for (const [index, count] of value.counts.entries()) {
      const bound = value.bounds[index] ?? Number.POSITIVE_INFINITY;
      total.counts.set(bound, (total.counts.get(bound) ?? 0) + count);
    }
    const bounds = [...total.counts.keys()].filter(Number.isFinite).sort((one, other) => one - other);
    const counts = [...bounds, Number.POSITIVE_INFINITY].map((bound) => total.counts.get(bound) ?? 0);
    const isBare = total.counts.size === 0;
    return { ...as, value: { count: total.count, sum: total.value, bounds, counts: isBare ? [] : counts } };
  }

  forgetAll(): void {
    this.#totals.clear();
  }
}
