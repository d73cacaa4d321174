import type { Exemplar } from './metric-series.ts';

/** How the values of several processes become one: their sum, unless a sum has no meaning. */
export type MergeRule = 'sum' | 'max' | 'min';

/** All metrics of a process at one moment, as plain data that can be sent to another process. */
export type MetricsSnapshot = readonly FamilySnapshot[];

/** One metric with its series. */
export interface FamilySnapshot {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly merge: MergeRule;
  readonly series: readonly SeriesSnapshot[];
}

/** The value of one set of label values: a number, or the counts of a histogram's buckets. */
export interface SeriesSnapshot {
  readonly values: readonly string[];
  readonly data: number | HistogramSnapshot;
}

export interface HistogramSnapshot {
  /** Upper bounds, ascending, without the last one, +Inf. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
  /** By bucket; null where there is none, since JSON has no `undefined` in lists. Undefined: there are none at all. */
  readonly exemplars?: readonly (Exemplar | null | undefined)[] | undefined;
}

/**
 * Merges the metrics of several processes of one program, as if one process had counted everything. If two releases of a
 * program define a metric differently, the first definition wins and the other's values are left out: after a reload both
 * run for a while.
 */
export function mergeSnapshots(snapshots: Iterable<MetricsSnapshot>): MetricsSnapshot {
  const families = new Map<string, { readonly family: FamilySnapshot; readonly series: Map<string, SeriesSnapshot> }>();
  for (const snapshot of snapshots) {
    for (const family of snapshot) {
      const known = families.get(family.name);
      if (known === undefined) {
        families.set(family.name, { family, series: new Map(family.series.map((each) => [keyOf(each), each])) });
      } else if (isSameMetric(known.family, family)) {
        for (const each of family.series) addSeries(known.series, each, known.family.merge);
      }
    }
  }
  return families
    .values()
    .map(({ family, series }) => ({ ...family, series: [...series.values()] }))
    .toArray();
}

/** What remains of a process's metrics after it ended: its counts. Its gauges no longer mean anything. */
export function countedOnly(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.filter((family) => family.kind !== 'gauge');
}

function keyOf({ values }: SeriesSnapshot): string {
  return values.join('\0');
}

function isSameMetric(one: FamilySnapshot, other: FamilySnapshot): boolean {
  return one.kind === other.kind && one.labels.join() === other.labels.join();
}

function addSeries(series: Map<string, SeriesSnapshot>, added: SeriesSnapshot, rule: MergeRule): void {
  const key = keyOf(added);
  const known = series.get(key);
  if (known === undefined) series.set(key, added);
  else series.set(key, { values: known.values, data: mergeData(known.data, added.data, rule) });
}

function mergeData(
  one: SeriesSnapshot['data'],
  other: SeriesSnapshot['data'],
  rule: MergeRule,
): SeriesSnapshot['data'] {
  if (typeof one === 'number' || typeof other === 'number') {
    if (typeof one !== 'number' || typeof other !== 'number') return one;
    if (rule === 'sum') return one + other;
    return rule === 'max' ? Math.max(one, other) : Math.min(one, other);
  }
  if (one.bounds.join() !== other.bounds.join()) return one;
  return {
    bounds: one.bounds,
    counts: one.counts.map((count, index) => count + (other.counts[index] ?? 0)),
    sum: one.sum + other.sum,
    exemplars: mergeExemplars(one.exemplars, other.exemplars),
  };
}

/** The later one of each bucket. */
function mergeExemplars(one: HistogramSnapshot['exemplars'], other: HistogramSnapshot['exemplars']): typeof one {
  if (one === undefined || other === undefined) return one ?? other;
  return one.map((mine, index) => {
    const theirs = other[index];
    return (theirs?.atMs ?? 0) > (mine?.atMs ?? 0) ? theirs : mine;
  });
}
