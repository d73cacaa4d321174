import type { Attributes, Exemplar, MetricsSnapshot } from '../telemetry/index.ts';
import { attributeOf, isUpDownCounter, metricNameOf } from './otel-names.ts';

/** Since when a value counts: the report before, or the start of the program. */
export type Temporality = 'delta' | 'cumulative';

/** A metric as OpenTelemetry sees it. */
export interface OtelMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** `sum`: it counts; `up-down`: what it counts also goes away. */
  readonly kind: 'gauge' | 'sum' | 'up-down' | 'histogram';
  readonly temporality: Temporality;
  readonly points: readonly OtelPoint[];
}

/** The value of one set of attributes. */
export interface OtelPoint {
  readonly attributes: Attributes;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly atMs: number;
  readonly value: number | OtelHistogram;
}

export interface OtelHistogram {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
  readonly exemplars: readonly Exemplar[];
}

type SnapshotData = MetricsSnapshot[number]['series'][number]['data'];

/** Since when everything counts, by the metrics themselves. */
const startMetric = 'process_start_time_seconds';

/** The series of this metric are metrics of their own. */
const delayMetric = 'nodejs_eventloop_lag_seconds';
const delayNames: Readonly<Record<string, string>> = { '0.5': 'p50', '0.9': 'p90', '0.99': 'p99', '1': 'max' };

/** Makes reports of snapshots. One for each receiver: with `delta`, it knows what the last report said. */
export class MetricReports {
  readonly #temporality: Temporality;
  #reported = new Map<string, SnapshotData>();
  #reportedAtMs: number | undefined;

  constructor(temporality: Temporality) {
    this.#temporality = temporality;
  }

  /** Whether nothing was reported yet. */
  get isEmpty(): boolean {
    return this.#reportedAtMs === undefined;
  }

  /** The metrics of `snapshot`, taken at `atMs` since the epoch. */
  report(snapshot: MetricsSnapshot, atMs: number): readonly OtelMetric[] {
    const beganMs = startOf(snapshot) ?? atMs;
    const sinceMs = this.#temporality === 'delta' ? (this.#reportedAtMs ?? beganMs) : beganMs;
    const reported = new Map<string, SnapshotData>();
    const metrics = snapshot.flatMap((family): readonly OtelMetric[] => {
      const known = metricNameOf(family.name, family.kind);
      if (known === undefined) return [];
      const { unit } = known;
      const isGauge = family.kind === 'gauge';
      const name = known.name;
      const points = family.series.flatMap(({ values, data }): readonly OtelPoint[] => {
        const key = [family.name, ...values].join('\0');
        const since = isGauge ? data : this.#since(key, data);
        if (!isGauge) reported.set(key, data);
        if (since === undefined) return [];
        const attributes = Object.fromEntries(
          family.labels.flatMap((label, index) => {
            const attribute = attributeOf(label, values[index] ?? '');
            return attribute === undefined ? [] : [attribute];
          }),
        );
        const startMs = isGauge ? beganMs : sinceMs;
        return [{ attributes, startMs, atMs, value: valueOf(since, startMs) }];
      });
      const kind = isGauge ? (isUpDownCounter(name) ? 'up-down' : 'gauge') : kindOf[family.kind];
      const temporality = isGauge ? 'cumulative' : this.#temporality;
      const described = { name, description: family.help, unit, kind, temporality } as const;
      if (family.name === delayMetric) return delays(points).map((one) => ({ ...described, ...one }));
      return points.length === 0 ? [] : [{ ...described, points }];
    });
    this.#reported = reported;
    this.#reportedAtMs = atMs;
    return metrics;
  }

  /** What is new since the last report; undefined: nothing. */
  #since(key: string, data: SnapshotData): SnapshotData | undefined {
    if (this.#temporality === 'cumulative') return data;
    const before = this.#reported.get(key);
    const since = before === undefined ? data : difference(data, before);
    const isNothing = typeof since === 'number' ? since === 0 : since.counts.every((count) => count === 0);
    return isNothing ? undefined : since;
  }
}

const kindOf = { counter: 'sum', histogram: 'histogram', gauge: 'gauge' } as const;

/** If it has decreased, it has begun anew. */
function difference(data: SnapshotData, before: SnapshotData): SnapshotData {
  if (typeof data === 'number') return typeof before === 'number' && data >= before ? data - before : data;
  if (typeof before === 'number' || data.counts.some((count, index) => count < (before.counts[index] ?? 0)))
    return data;
  return {
    ...data,
    counts: data.counts.map((count, index) => count - (before.counts[index] ?? 0)),
    sum: data.sum - before.sum,
  };
}

/** An exemplar from before the time that a value covers is none of its observations. */
function valueOf(data: SnapshotData, startMs: number): OtelPoint['value'] {
  if (typeof data === 'number') return data;
  const exemplars = (data.exemplars ?? []).filter((one) => one !== undefined && one !== null && one.atMs >= startMs);
  // As just filtered.
  return { bounds: data.bounds, counts: data.counts, sum: data.sum, exemplars: exemplars as Exemplar[] };
}

function delays(points: readonly OtelPoint[]): readonly Pick<OtelMetric, 'name' | 'points'>[] {
  return points.map(({ attributes: { quantile, ...attributes }, ...point }) => ({
    name: `nodejs.eventloop.delay.${delayNames[String(quantile)] ?? String(quantile)}`,
    points: [{ ...point, attributes }],
  }));
}

function startOf(snapshot: MetricsSnapshot): number | undefined {
  const data = snapshot.find(({ name }) => name === startMetric)?.series[0]?.data;
  return typeof data === 'number' ? data * 1_000 : undefined;
}
