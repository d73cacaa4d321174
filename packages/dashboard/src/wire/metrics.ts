/** `GET /api/metrics`: the metrics of which something is kept. */
export interface MetricCatalog {
  readonly metrics: readonly MetricInfo[];
}

/** A metric. */
export interface MetricInfo {
  /** OpenTelemetry's name: `http.server.request.duration`. */
  readonly name: string;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  /** `s`, `By`, `{request}`; empty if unknown. */
  readonly unit: string;
  readonly help: string;
  readonly services: readonly string[];
  /** The names of its attributes. */
  readonly attributes: readonly string[];
}

/**
 * `GET /api/metrics/query?name=&show=&group_by=&filter.<attribute>=&from_ms=&to_ms=&points=`. `group_by` may be repeated; `service` and
 * `instance` are attributes of every metric: who measured it. One of its own of that name is `exported_service`.
 */
export interface MetricResult {
  readonly name: string;
  readonly unit: string;
  readonly show: MetricShow;
  /** When each value was, in milliseconds since the epoch. */
  readonly timesMs: readonly number[];
  readonly series: readonly MetricSeries[];
  /** Series that were left out because there are too many. */
  readonly leftOut: number;
}

/** What to show of a metric. `rate`: per second, of sums and of a histogram's count; `errors`: the share with `error.type`. */
export type MetricShow = 'value' | 'rate' | 'errors' | 'p50' | 'p95' | 'p99' | 'mean';

/** One line of a chart. */
export interface MetricSeries {
  readonly attributes: Readonly<Record<string, string>>;
  /** As many as there are times; null where nothing is known. */
  readonly values: readonly (number | null)[];
}
