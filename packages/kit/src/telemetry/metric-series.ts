import type { TraceContext } from './trace-context.ts';

/** A value that only increases. */
export interface Counter {
  /** @param by default 1; must not be negative */
  inc(by?: number): void;
}

/** A value that goes up and down. */
export interface Gauge {
  set(value: number): void;
  /** @param by default 1; may be negative */
  inc(by?: number): void;
}

/** Counts observations in buckets. */
export interface Histogram {
  /**
   * Counts `value`; what is no number is not counted.
   *
   * @param exemplar a span that is kept, and in which this was observed: each bucket names its latest one. Default: none
   */
  observe(value: number, exemplar?: TraceContext): void;
}

/** One observation of a bucket, and the span in which it was made. */
export interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** A counter or gauge of one set of label values. Its methods allocate nothing. */
export class NumberSeries implements Counter, Gauge {
  value = 0;
  inc(by = 1): void {
    this.value += by;
  }
  set(value: number): void {
    this.value = value;
  }
}

/** A histogram of one set of label values. Without exemplars, its methods allocate nothing. */
export class HistogramSeries implements Histogram {
  /** Upper bounds, ascending, without the last one, +Inf. */
  readonly bounds: Float64Array;
  /** The count of each bucket by itself; summed up when rendered. */
  readonly counts: Float64Array;
  sum = 0;
  /** The latest of each bucket that has one. Most histograms have none. */
  exemplars: (Exemplar | undefined)[] | undefined;
  readonly #now: () => number;

  /** `now`: milliseconds since the epoch, for exemplars. */
  constructor(bounds: Float64Array, now: () => number = Date.now) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
    this.#now = now;
  }

  observe(value: number, exemplar?: TraceContext): void {
    // The sum would be none ever after, and Prometheus would refuse it.
    if (Number.isNaN(value)) return;
    const { bounds, counts } = this;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? 0)) index++;
    counts[index] = (counts[index] ?? 0) + 1;
    this.sum += value;
    if (exemplar !== undefined) this.#keep(index, value, exemplar);
  }

  #keep(index: number, value: number, { traceId, spanId }: TraceContext): void {
    this.exemplars ??= Array.from({ length: this.counts.length }, () => undefined);
    this.exemplars[index] = { traceId, spanId, value, atMs: this.#now() };
  }
}
