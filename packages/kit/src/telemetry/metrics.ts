import { type Counter, type Gauge, type Histogram, HistogramSeries, NumberSeries } from './metric-series.ts';
import type { MergeRule, MetricsSnapshot } from './metrics-snapshot.ts';
import { type Family, type MetricKind, type RenderedMetrics, renderFamilies } from './render-metrics.ts';
import { snapshotOf } from './snapshot-families.ts';

/** The boundaries OpenTelemetry's conventions give request durations, in seconds. */
export const durationBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** What a metric is. */
export interface MetricOptions {
  /** In Prometheus' form with its base unit: `http_server_request_duration_seconds`; counters end in `_total`. */
  readonly name: string;
  /** One sentence. */
  readonly help: string;
  /** Label names. Default none. */
  readonly labels?: readonly string[];
  /**
   * How many sets of label values are kept. Default 1000: more is a label that should not be one. What comes after is
   * counted under the value `_other` in every label, so sums stay right and memory bounded.
   */
  readonly maxSeries?: number;
}

/** A metric's series by label values. */
export interface MetricFamily<Series> {
  /** The series of these values, in the order of the labels. Keep it: looking it up costs more than using it. */
  labels(...values: readonly string[]): Series;
  /** Forgets the series of these values. A handle that was kept goes on working, but is no longer shown. */
  remove(...values: readonly string[]): void;
}

/** All metrics of a program. */
export interface Metrics {
  counter(options: MetricOptions): MetricFamily<Counter>;
  /** @param options `merge`: what one value is made of when several processes each have one; default their sum */
  gauge(options: MetricOptions & { readonly merge?: MergeRule }): MetricFamily<Gauge>;
  /** @param options `buckets`: ascending upper bounds; default {@link durationBuckets} */
  histogram(options: MetricOptions & { readonly buckets?: readonly number[] }): MetricFamily<Histogram>;
  /** Calls `collect` before each rendering, to set values that are only known by asking. */
  onCollect(collect: () => void): void;
  /** Shows everything: OpenMetrics 1.0 if `accept` asks for it, else Prometheus text 0.0.4. */
  render(accept?: string): RenderedMetrics;
  /** Everything as plain data, to be merged with what other processes of the program have counted. */
  snapshot(): MetricsSnapshot;
}

/** An empty set of metrics. Asking twice for the same name gives the same metric; with another kind or labels it throws. */
export function createMetrics(): Metrics {
  const families = new Map<string, Family>();
  const collectors: (() => void)[] = [];

  function family<Series extends NumberSeries | HistogramSeries>(
    kind: MetricKind,
    options: MetricOptions & { readonly merge?: MergeRule },
    create: () => Series,
  ): MetricFamily<Series> {
    const labels = options.labels ?? [];
    checkNames(options.name, labels);
    const series = seriesOf<Series>(families, kind, options, labels);
    const maxSeries = options.maxSeries ?? 1000;
    return {
      labels(...values) {
        if (values.length !== labels.length)
          throw new Error(`${options.name} has ${labels.length} labels, but ${values.length} values were given`);
        const existing = series.get(values.join('\0'));
        if (existing !== undefined) return existing.series;
        const kept = series.size < maxSeries ? values : labels.map(() => '_other');
        const key = kept.join('\0');
        const known = series.get(key);
        if (known !== undefined) return known.series;
        const created = create();
        series.set(key, { values: kept, series: created });
        return created;
      },
      remove(...values) {
        series.delete(values.join('\0'));
      },
    };
  }

  return {
    counter: (options) => family('counter', options, () => new NumberSeries()),
    gauge: (options) => family('gauge', options, () => new NumberSeries()),
    histogram(options) {
      const bounds = Float64Array.from(options.buckets ?? durationBuckets);
      if (!bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? 0)))
        throw new Error(`The buckets of ${options.name} must ascend`);
      return family('histogram', options, () => new HistogramSeries(bounds));
    },
    onCollect: (collect) => void collectors.push(collect),
    render(accept) {
      for (const collect of collectors) collect();
      return renderFamilies(families.values(), accept);
    },
    snapshot() {
      for (const collect of collectors) collect();
      return snapshotOf(families.values());
    },
  };
}

/** The series of a metric that may have been asked for before. */
function seriesOf<Series extends NumberSeries | HistogramSeries>(
  families: Map<string, Family>,
  kind: MetricKind,
  options: MetricOptions & { readonly merge?: MergeRule },
  labels: readonly string[],
): Map<string, { readonly values: readonly string[]; readonly series: Series }> {
  const known = families.get(options.name);
  if (known !== undefined) {
    if (known.kind !== kind || known.labels.join() !== labels.join())
      throw new Error(`The metric ${options.name} exists already as ${known.kind} of (${known.labels.join(', ')})`);
    // Same name and kind: the series were made by the same `create`.
    return known.series as Map<string, { readonly values: readonly string[]; readonly series: Series }>;
  }
  const series = new Map<string, { readonly values: readonly string[]; readonly series: Series }>();
  const { name, help, merge = 'sum' } = options;
  families.set(name, { name, help, kind, labels, merge, series });
  return series;
}

function checkNames(name: string, labels: readonly string[]): void {
  const good = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
  for (const text of [name, ...labels])
    if (!good.test(text)) throw new Error(`"${text}" can't be the name of a metric or label`);
}
