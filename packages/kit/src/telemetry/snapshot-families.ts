import { HistogramSeries, NumberSeries } from './metric-series.ts';
import type { FamilySnapshot, MetricsSnapshot, SeriesSnapshot } from './metrics-snapshot.ts';
import { type Family, type RenderedMetrics, renderFamilies } from './render-metrics.ts';

/** The current values of `families` as plain data. */
export function snapshotOf(families: Iterable<Family>): MetricsSnapshot {
  return Array.from(families, ({ series, ...family }) => ({
    ...family,
    series: Array.from(series.values(), ({ values, series: each }) => ({ values, data: dataOf(each) })),
  }));
}

/** Renders a snapshot as `Metrics.render` renders a process's own metrics. */
export function renderSnapshot(snapshot: MetricsSnapshot, accept: string | undefined): RenderedMetrics {
  return renderFamilies(snapshot.map(familyOf), accept);
}

function dataOf(series: NumberSeries | HistogramSeries): SeriesSnapshot['data'] {
  if (series instanceof NumberSeries) return series.value;
  const { bounds, counts, sum, exemplars } = series;
  const data = { bounds: [...bounds], counts: [...counts], sum };
  return exemplars === undefined ? data : { ...data, exemplars: [...exemplars] };
}

function familyOf({ series, ...family }: FamilySnapshot): Family {
  return {
    ...family,
    series: new Map(series.map(({ values, data }) => [values.join('\0'), { values, series: seriesOf(data) }])),
  };
}

function seriesOf(data: SeriesSnapshot['data']): NumberSeries | HistogramSeries {
  if (typeof data === 'number') {
    const series = new NumberSeries();
    series.set(data);
    return series;
  }
  const series = new HistogramSeries(Float64Array.from(data.bounds));
  series.counts.set(data.counts);
  series.sum = data.sum;
  series.exemplars = data.exemplars?.map((exemplar) => exemplar ?? undefined);
  return series;
}
