import type { HistogramRecord, PointRecord } from './records.ts';

interface Total {
  startUs: number;
  atUs: number;
  value: number;
  count: number;
  counts: number[];
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
      total = { startUs: point.startUs || point.atUs, atUs: 0, value: 0, count: 0, counts: [] };
      this.#totals.set(series, total);
    }
    if (point.atUs <= total.atUs) return undefined;
    total.atUs = point.atUs;
    const { value } = point;
    if (typeof value === 'number') {
      total.value += value;
      return { ...point, temporality: 'cumulative', startUs: total.startUs, value: total.value };
    }
    total.value += value.sum;
    total.count += value.count;
    total.counts = value.counts.map((count, index) => count + (total.counts[index] ?? 0));
    const sum: HistogramRecord = { count: total.count, sum: total.value, bounds: value.bounds, counts: total.counts };
    return { ...point, temporality: 'cumulative', startUs: total.startUs, value: sum };
  }

  forgetAll(): void {
    this.#totals.clear();
  }
}
