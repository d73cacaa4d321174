import type { Panel, Query } from './panel.ts';

/** The range of a rate: as long as Grafana thinks right for the resolution of the chart. */
export const rate = '[$__rate_interval]';
/** The histogram of requests that a program answers. */
export const server = 'http_server_request_duration_seconds';
/** What counts as a failure of the server. */
export const failed = 'http_response_status_code=~"5.."';

/** Requests per second. `by`: labels of a line, with commas. */
export function ratePanel(title: string, metric: string, selector: string, by: string): Panel {
  const expr = `sum by (${by}) (rate(${metric}_count{${selector}}${rate}))`;
  return { title, kind: 'timeseries', unit: 'reqps', queries: [{ expr, legend: legendOf(by) }] };
}

/** The share of requests that failed; a line without failures is at 0, not absent. */
export function errorPanel(title: string, metric: string, selector: string, failed: string, by: string): Panel {
  const all = `sum by (${by}) (rate(${metric}_count{${selector}}${rate}))`;
  const bad = `sum by (${by}) (rate(${metric}_count{${selector}, ${failed}}${rate}))`;
  const expr = `(${bad} or 0 * ${all}) / (${all} > 0)`;
  return { title, kind: 'timeseries', unit: 'percentunit', queries: [{ expr, legend: legendOf(by) }] };
}

/** Percentiles of a duration, from its buckets. */
export function durationPanel(title: string, metric: string, selector: string, by: string, quantiles = [0.95]): Panel {
  const queries = quantiles.map((quantile): Query => {
    const expr = `histogram_quantile(${quantile}, sum by (${by}, le) (rate(${metric}_bucket{${selector}}${rate})))`;
    const percentile = `p${quantile * 100}`;
    return { expr, legend: quantiles.length === 1 ? legendOf(by) : `${percentile} ${legendOf(by)}`, exemplars: true };
  });
  return { title, kind: 'timeseries', unit: 's', queries };
}

/** How durations are spread over time; its points lead to traces. */
export function heatmapPanel(title: string, metric: string, selector: string): Panel {
  const expr = `sum by (le) (increase(${metric}_bucket{${selector}}${rate}))`;
  return { title, kind: 'heatmap', unit: 's', width: 24, queries: [{ expr, legend: '{{le}}', exemplars: true }] };
}

/** A value as it is. */
export function valuePanel(title: string, unit: string, expr: string, legend: string, description?: string): Panel {
  const queries = [{ expr, legend }];
  return { title, kind: 'timeseries', unit, queries, ...(description === undefined ? {} : { description }) };
}

/** One number. */
export function statPanel(title: string, unit: string, expr: string): Panel {
  return { title, kind: 'stat', unit, width: 4, height: 4, queries: [{ expr, legend: '' }] };
}

function legendOf(by: string): string {
  return by
    .split(', ')
    .map((label) => `{{${label}}}`)
    .join(' ');
}
