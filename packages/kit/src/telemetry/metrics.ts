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
   * How many sets of label values are kept. Default 1000: with more, a label should not be one. Further sets are counted
   * under the value `_other` in every label, so that sums stay right and memory bounded.
   */
  readonly maxSeries?: number;
}

/** A metric's series by label values. */
export interface MetricFamily<Series> {
  /** The series of these values, in the order of the labels. Keep the result: a lookup costs more than a use. */
  labels(...values: readonly string[]): Series;
  /** Forgets the series of these values. A handle that was kept still works, but is no longer rendered. */
  remove(...values: readonly string[]): void;
}

/** All metrics of a program. */
export interface Metrics {
  counter(options: MetricOptions): MetricFamily<Counter>;
  /** @param options `merge`: how to merge the values of several processes; default: their sum */
  gauge(options: MetricOptions & { readonly merge?: MergeRule }): MetricFamily<Gauge>;
  /** @param options `buckets`: ascending upper bounds; default {@link durationBuckets} */
  histogram(options: MetricOptions & { readonly buckets?: readonly number[] }): MetricFamily<Histogram>;
  /** Calls `collect` before each rendering, to set values that have to be read. */
  onCollect(collect: () => void): void;
  /** Renders everything: OpenMetrics 1.0 if `accept` asks for it, else Prometheus text 0.0.4. */
  render(accept?: string): RenderedMetrics;
  /** Everything as plain data, to be merged with that of the program's other processes. */
  snapshot(): MetricsSnapshot;
}

/**
 * An empty set of metrics. Asking twice for the same name returns the same metric; with another kind or labels it throws.
 *
 * @param now milliseconds since the epoch, for exemplars. Default: the system's clock
 */
export function createMetrics(now: () => number = Date.now): Metrics {
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
    counter(options) {
      // OpenMetrics has no counters of another name: Prometheus would refuse the whole page.
      if (!options.name.endsWith('_total')) throw new Error(`The counter ${options.name} must end in _total`);
      return family('counter', options, () => new NumberSeries());
    },
    gauge: (options) => family('gauge', options, () => new NumberSeries()),
    histogram(options) {
      const bounds = Float64Array.from(options.buckets ?? durationBuckets);
      if (!bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? 0)))
        throw new Error(`The buckets of ${options.name} must be in ascending order`);
      return family('histogram', options, () => new HistogramSeries(bounds, now));
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

/** The series of a metric, which may exist already. */
function seriesOf<Series extends NumberSeries | HistogramSeries>(
  families: Map<string, Family>,
  kind: MetricKind,
  options: MetricOptions & { readonly merge?: MergeRule },
  labels: readonly string[],
): Map<string, { readonly values: readonly string[]; readonly series: Series }> {
  const known = families.get(options.name);
  if (known !== undefined) {
    if (known.kind !== kind || known.labels.join() !== labels.join())
      throw new Error(
        `The metric ${options.name} already exists as a ${known.kind} with the labels (${known.labels.join(', ')})`,
      );
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
    if (!good.test(text)) throw new Error(`"${text}" is not a valid name for a metric or label`);
}
