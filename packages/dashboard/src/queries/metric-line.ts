import type { MetricShow } from '../wire/index.ts';
import { increases, type KeptPoint } from './increases.ts';
import { type Distribution, quantile } from './quantile.ts';
import { spread, type TimeGrid } from './time-grid.ts';

/** For how long a value holds if nothing newer comes; what is older than half an hour is kept once a minute. */
const holdsUs = 90_000_000;

const quantiles: Readonly<Record<'p50' | 'p95' | 'p99', number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

/** One line of a chart: the series that belong together, added up. */
export class MetricLine {
  readonly #grid: TimeGrid;
  readonly #kind: 'gauge' | 'sum' | 'histogram';
  /** For each slice of time. */
  readonly #value: Float64Array;
  readonly #count: Float64Array;
  readonly #failed: Float64Array;
  /** How many values there are. */
  readonly #known: Float64Array;
  /** From the first that is known to the last. */
  #firstUs = Number.POSITIVE_INFINITY;
  #lastUs = 0;
  readonly #buckets = new Map<readonly number[], readonly Float64Array[]>();

  constructor(grid: TimeGrid, kind: 'gauge' | 'sum' | 'histogram') {
    this.#grid = grid;
    this.#kind = kind;
    this.#value = new Float64Array(grid.count);
    this.#count = new Float64Array(grid.count);
    this.#failed = new Float64Array(grid.count);
    this.#known = new Float64Array(grid.count);
  }

  /** Adds the values of a series as they were. */
  addValues(points: Iterable<KeptPoint>): void {
    const { fromUs, stepUs, count } = this.#grid;
    let last: KeptPoint | undefined;
    let slice = 0;
    const fillUntil = (untilUs: number): void => {
      for (; slice < count && fromUs + (slice + 1) * stepUs <= untilUs; slice += 1) {
        if (last === undefined || fromUs + slice * stepUs - last.atUs > holdsUs) continue;
        this.#value[slice] = (this.#value[slice] ?? 0) + last.value;
        this.#known[slice] = (this.#known[slice] ?? 0) + 1;
      }
    };
    for (const point of points) {
      fillUntil(point.atUs);
      last = point;
    }
    if (last !== undefined) fillUntil(Math.min(last.atUs + Math.max(holdsUs, stepUs), fromUs + count * stepUs));
  }

  /** Adds by how much a series grew. */
  addIncreases(points: Iterable<KeptPoint>, failed: boolean): void {
    for (const increase of increases(points)) {
      const amount = this.#kind === 'histogram' ? increase.count : increase.value;
      const buckets = increase.counts.length === 0 ? undefined : this.#bucketsOf(increase.bounds);
      this.#firstUs = Math.min(this.#firstUs, increase.fromUs);
      this.#lastUs = Math.max(this.#lastUs, increase.toUs);
      spread(this.#grid, increase.fromUs, increase.toUs, (slice, share) => {
        this.#value[slice] = (this.#value[slice] ?? 0) + increase.value * share;
        this.#count[slice] = (this.#count[slice] ?? 0) + amount * share;
        if (failed) this.#failed[slice] = (this.#failed[slice] ?? 0) + amount * share;
        this.#known[slice] = (this.#known[slice] ?? 0) + 1;
        buckets?.forEach(
          (cells, index) => (cells[slice] = (cells[slice] ?? 0) + (increase.counts[index] ?? 0) * share),
        );
      });
    }
  }

  /** What the line shows, for each slice; null where nothing is known. */
  values(show: MetricShow): readonly (number | null)[] {
    return Array.from({ length: this.#grid.count }, (_, slice) => this.#show(show, slice) ?? null);
  }

  #show(show: MetricShow, slice: number): number | undefined {
    const [value, count, known] = [this.#value[slice] ?? 0, this.#count[slice] ?? 0, this.#known[slice] ?? 0];
    if (known === 0) return undefined;
    switch (show) {
      case 'value':
        return this.#kind === 'gauge' ? value / known : value;
      case 'rate':
        return count / this.#secondsOf(slice);
      case 'errors':
        return count <= 1e-9 ? undefined : (this.#failed[slice] ?? 0) / count;
      case 'mean':
        return count <= 1e-9 ? undefined : value / count;
      case 'p50':
      case 'p95':
      case 'p99':
        return quantile(this.#distributions(slice), quantiles[show]);
      default:
        return show satisfies never;
    }
  }

  /** How much of the slice is known: the newest is not over yet. */
  #secondsOf(slice: number): number {
    const beginUs = this.#grid.fromUs + slice * this.#grid.stepUs;
    const lengthUs = Math.min(this.#lastUs, beginUs + this.#grid.stepUs) - Math.max(this.#firstUs, beginUs);
    return Math.max(lengthUs, 1) / 1e6;
  }

  #distributions(slice: number): readonly Distribution[] {
    return [...this.#buckets].map(([bounds, cells]) => ({ bounds, counts: cells.map((cell) => cell[slice] ?? 0) }));
  }

  #bucketsOf(bounds: readonly number[]): readonly Float64Array[] {
    const known = this.#buckets.get(bounds);
    if (known !== undefined) return known;
    const made = Array.from({ length: bounds.length + 1 }, () => new Float64Array(this.#grid.count));
    this.#buckets.set(bounds, made);
    return made;
  }
}
