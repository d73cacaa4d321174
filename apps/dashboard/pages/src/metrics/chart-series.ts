import type { MetricInfo, MetricResult, MetricSeries } from '@flotilla/dashboard/wire';

/** What a chart draws: seconds since the epoch, then the values of each series. */
export type ChartData = readonly [readonly number[], ...(readonly (number | null)[])[]];

/** A line of a chart, with what its legend calls it. */
export interface NamedSeries extends MetricSeries {
  /** What tells it from the others; empty if it is alone and has no attributes. No two lines of a chart share it. */
  readonly name: string;
}

/** The figures of a result as a chart wants them. */
export function chartData(result: MetricResult): ChartData {
  const seconds = result.timesMs.map((timeMs) => timeMs / 1000);
  return [seconds, ...namedSeries(result).map(({ values }) => seconds.map((_, index) => values[index] ?? null))];
}

/** Series in the order of their names: a line keeps its colour when its figures change. */
export function namedSeries({ series }: MetricResult): readonly NamedSeries[] {
  const short = series.map(shortName);
  const named = series.map((each, index) => {
    const name = short[index] ?? '';
    return { ...each, name: short.indexOf(name) === short.lastIndexOf(name) ? name : fullName(each) };
  });
  return named.toSorted((a, b) => compare(a.name, b.name));
}

/** The values of its attributes, without those that say nothing more: `user-service-2` is of `user-service`. */
function shortName({ attributes }: MetricSeries): string {
  const values = [...new Set(Object.values(attributes))].filter((value) => value !== '');
  return values.filter((value) => !values.some((other) => other.startsWith(`${value}-`))).join(' · ');
}

function fullName({ attributes }: MetricSeries): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${value === '' ? '–' : value}`)
    .join(' · ');
}

/** A series in figures, for those who do not see charts, or want to know exactly. */
export interface SeriesFigures {
  readonly name: string;
  readonly last: number | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly mean: number | undefined;
}

/** The figures of each series. Undefined: nothing is known. */
export function seriesFigures(result: MetricResult): readonly SeriesFigures[] {
  return namedSeries(result).map((series) => {
    const known = series.values.filter((value) => value !== null);
    const sum = known.reduce((total, value) => total + value, 0);
    return {
      name: series.name,
      last: known.at(-1),
      least: known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : undefined,
      most: known.length > 0 ? known.reduce((a, b) => Math.max(a, b)) : undefined,
      mean: known.length > 0 ? sum / known.length : undefined,
    };
  });
}

/** Whether there is anything to draw. */
export function hasFigures(result: MetricResult): boolean {
  return result.series.some(({ values }) => values.some((value) => value !== null));
}

/** How a figure is written, by the unit of the metric and by what is shown of it. */
export type FigureKind = 'duration' | 'bytes' | 'share' | 'rate' | 'number';

/**
 * What figures of a result are, by the kind of its metric. Seconds become durations, `By` sizes. The rate of a sum of seconds is a share of
 * the time; that of a histogram counts what was measured.
 */
export function figureKind(result: Pick<MetricResult, 'show' | 'unit'>, kind: MetricInfo['kind']): FigureKind {
  if (result.show === 'errors') return 'share';
  if (result.show === 'rate') return kind === 'sum' && result.unit === 's' ? 'share' : 'rate';
  if (result.unit === 's' || result.unit === 'ms') return 'duration';
  if (result.unit === 'By') return 'bytes';
  return result.unit === '1' ? 'share' : 'number';
}

/** How many milliseconds one unit of a duration is. */
export function msPerUnit(unit: string): number {
  return unit === 's' ? 1000 : 1;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
