// Imported from its own file: the lightest processes render metrics too.
import { readQuality } from '@flotilla/contracts/quality';
import { type Exemplar, HistogramSeries, type NumberSeries } from './metric-series.ts';
import type { MergeRule } from './metrics-snapshot.ts';

export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** The answer of `/metrics`. */
export interface RenderedMetrics {
  readonly contentType: string;
  readonly body: string;
}

/** Renders the metrics in the format that `accept` asks for. Never rejects. */
export type RenderMetrics = (accept?: string) => RenderedMetrics | Promise<RenderedMetrics>;

/** A metric with all its series. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly kind: MetricKind;
  readonly labels: readonly string[];
  readonly merge: MergeRule;
  readonly series: ReadonlyMap<
    string,
    { readonly values: readonly string[]; readonly series: NumberSeries | HistogramSeries }
  >;
}

const prometheusText = 'text/plain; version=0.0.4; charset=utf-8';
const openMetricsText = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Renders `families` in the format that `accept` asks for. */
export function renderFamilies(families: Iterable<Family>, accept: string | undefined): RenderedMetrics {
  const openMetrics = wantsOpenMetrics(accept);
  const lines: string[] = [];
  for (const family of families) renderFamily(family, openMetrics, lines);
  if (openMetrics) lines.push('# EOF');
  return { contentType: openMetrics ? openMetricsText : prometheusText, body: `${lines.join('\n')}\n` };
}

/** Whether OpenMetrics is named with a weight above zero and no lower than plain text's. */
function wantsOpenMetrics(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  let openMetrics = 0;
  let plain = 0;
  for (const part of accept.slice(0, 1000).toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.split(';');
    const [type, weight] = [range.trim(), readQuality(parameters)];
    if (type === 'application/openmetrics-text') openMetrics = Math.max(openMetrics, weight);
    if (type === 'text/plain') plain = Math.max(plain, weight);
  }
  return openMetrics > 0 && openMetrics >= plain;
}

function renderFamily(family: Family, openMetrics: boolean, lines: string[]): void {
  // OpenMetrics names a counter without the suffix its sample carries.
  const counterWithSuffix = family.kind === 'counter' && family.name.endsWith('_total');
  const title = openMetrics && counterWithSuffix ? family.name.slice(0, -'_total'.length) : family.name;
  lines.push(`# HELP ${title} ${escapeText(family.help, openMetrics)}`, `# TYPE ${title} ${family.kind}`);
  for (const { values, series } of family.series.values()) {
    const labels = family.labels.map((label, index) => `${label}="${escapeText(values[index] ?? '', true)}"`).join(',');
    if (series instanceof HistogramSeries) renderHistogram(family.name, labels, series, lines, openMetrics);
    else lines.push(`${family.name}${labels === '' ? '' : `{${labels}}`} ${formatNumber(series.value)}`);
  }
}

function renderHistogram(
  name: string,
  labels: string,
  series: HistogramSeries,
  lines: string[],
  openMetrics: boolean,
): void {
  const prefix = labels === '' ? '' : `${labels},`;
  const braces = labels === '' ? '' : `{${labels}}`;
  // Text 0.0.4 has no place for them.
  const exemplars = openMetrics ? series.exemplars : undefined;
  let total = 0;
  series.counts.forEach((count, index) => {
    total += count;
    const bound = series.bounds[index];
    const le = bound === undefined ? '+Inf' : formatBound(bound);
    lines.push(`${name}_bucket{${prefix}le="${le}"} ${total}${exemplarText(exemplars?.[index])}`);
  });
  lines.push(`${name}_sum${braces} ${formatNumber(series.sum)}`, `${name}_count${braces} ${total}`);
}

function exemplarText(exemplar: Exemplar | undefined): string {
  if (exemplar === undefined) return '';
  const { traceId, spanId, value, atMs } = exemplar;
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${formatNumber(value)} ${(atMs / 1_000).toFixed(3)}`;
}

/** OpenMetrics requires a decimal point in bounds; Prometheus reads both forms. */
function formatBound(bound: number): string {
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}

function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function escapeText(text: string, quotes: boolean): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return quotes ? escaped.replaceAll('"', '\\"') : escaped;
}
