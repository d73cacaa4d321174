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
  observe(value: number): void;
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

/** A histogram of one set of label values. Its methods allocate nothing. */
export class HistogramSeries implements Histogram {
  /** Upper bounds, ascending, without the last one, +Inf. */
  readonly bounds: Float64Array;
  /** The count of each bucket by itself; summed up when rendered. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: Float64Array) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? 0)) index++;
    counts[index] = (counts[index] ?? 0) + 1;
    this.sum += value;
  }
}
