import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { readBuckets } from '../store/bucket-bytes.ts';
import type { MetricCatalog, MetricInfo, MetricResult, MetricSeries, MetricShow } from '../wire/index.ts';
import type { KeptPoint } from './increases.ts';
import type { MetricFilter } from './metric-filter.ts';
import { MetricLine } from './metric-line.ts';
import { parsedFields } from './parsed-fields.ts';
import type { Resources } from './resources.ts';
import { timeGrid, timesOf } from './time-grid.ts';

/** More lines than a person tells apart. */
const maxLines = 40;
/** Series that one question reads. */
const maxSeries = 2_000;
/** What came before the range, for the first increase in it: senders export once a minute unless told otherwise. */
const lookBackUs = 180_000_000;

type Kind = MetricInfo['kind'];
type Row = Readonly<Record<string, SQLOutputValue>>;

interface Series {
  readonly id: number;
  /** With `service` and `instance`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads measurements. */
export class MetricQuery {
  readonly #resources: Resources;
  readonly #metrics: StatementSync;
  readonly #named: StatementSync;
  readonly #series: StatementSync;
  readonly #points: StatementSync;
  readonly #bounds: StatementSync;
  readonly #knownBounds = new Map<number, readonly number[]>();

  constructor(database: DatabaseSync, resources: Resources) {
    this.#resources = resources;
    this.#metrics = database.prepare(
      'SELECT id, name, kind, unit, help FROM metrics ORDER BY name, seen_ms DESC LIMIT 5000',
    );
    this.#named = database.prepare(
      'SELECT id, kind, unit, monotonic FROM metrics WHERE name = ? ORDER BY seen_ms DESC',
    );
    this.#series = database.prepare(
      `SELECT id, resource, attributes FROM series WHERE metric = ? ORDER BY seen_ms DESC LIMIT ${maxSeries}`,
    );
    this.#points = database.prepare(`
      SELECT at_us, start_us, value, count, bounds, buckets FROM points
      WHERE series = ? AND at_us >= ? AND at_us <= ? ORDER BY at_us`);
    this.#bounds = database.prepare('SELECT bounds FROM bounds WHERE id = ?');
  }

  /** The metrics of which something is kept, by name. */
  catalog(): MetricCatalog {
    const metrics: MetricInfo[] = [];
    for (const row of this.#metrics.all()) {
      const services = new Set<string>();
      const attributes = new Set<string>();
      for (const series of this.#series.iterate(row['id'] ?? null)) {
        services.add(this.#resources.get(series['resource']).service);
        for (const name of Object.keys(parsedFields(series['attributes']))) attributes.add(shownName(name));
      }
      // One name may have been used in two ways; the newest counts.
      if (services.size === 0 || metrics.at(-1)?.name === row['name']) continue;
      metrics.push({
        name: String(row['name']),
        kind: kindOf(row['kind']),
        unit: String(row['unit']),
        help: String(row['help']),
        services: [...services].sort(),
        attributes: [...attributes].sort(),
      });
    }
    return { metrics };
  }

  /** Without lines if nothing is known of the metric. */
  query(filter: MetricFilter): MetricResult {
    const { name, groupBy = [], where = {} } = filter;
    const grid = timeGrid(filter.fromMs, filter.toMs, filter.points);
    const timesMs = timesOf(grid);
    const metric = this.#named.get(name);
    if (metric === undefined) return { name, unit: '', show: filter.show, timesMs, series: [], leftOut: 0 };
    const kind = kindOf(metric['kind']);
    const show = possible(filter.show, kind, metric['monotonic'] === 1);
    const lines = new Map<
      string,
      { readonly attributes: Readonly<Record<string, string>>; readonly line: MetricLine }
    >();
    for (const series of this.#seriesOf(metric, where)) {
      const attributes = Object.fromEntries(groupBy.map((by) => [by, series.attributes[by] ?? '']));
      const key = JSON.stringify(attributes);
      const known = lines.get(key) ?? { attributes, line: new MetricLine(grid, kind) };
      lines.set(key, known);
      const points = this.#read(series.id, grid.fromUs - lookBackUs, grid.fromUs + grid.count * grid.stepUs);
      if (show === 'value') known.line.addValues(points);
      else known.line.addIncreases(points, isFailure(series.attributes));
    }
    const all = [...lines.values()].map(
      ({ attributes, line }): MetricSeries => ({ attributes, values: line.values(show) }),
    );
    const some = all.filter(({ values }) => values.some((value) => value !== null));
    const sorted = some.toSorted((one, other) => sizeOf(other) - sizeOf(one));
    return {
      name,
      unit: String(metric['unit']),
      show,
      timesMs,
      series: sorted.slice(0, maxLines),
      leftOut: Math.max(0, sorted.length - maxLines),
    };
  }

  *#seriesOf(metric: Row, where: Readonly<Record<string, string>>): Generator<Series> {
    const wanted = Object.entries(where);
    for (const row of this.#series.all(metric['id'] ?? null)) {
      const { service, instanceId = '' } = this.#resources.get(row['resource']);
      const attributes: Record<string, string> = {};
      for (const [name, value] of Object.entries(parsedFields(row['attributes'])))
        attributes[shownName(name)] = String(value);
      attributes['service'] = service;
      attributes['instance'] = instanceId;
      if (wanted.every(([name, value]) => (attributes[name] ?? '') === value))
        yield { id: Number(row['id']), attributes };
    }
  }

  *#read(series: number, fromUs: number, toUs: number): Generator<KeptPoint> {
    for (const row of this.#points.iterate(series, fromUs, toUs)) {
      const { buckets } = row;
      yield {
        atUs: Number(row['at_us']),
        startUs: Number(row['start_us']),
        value: Number(row['value']),
        count: Number(row['count'] ?? 0),
        bounds: this.#boundsOf(row['bounds']),
        counts: buckets instanceof Uint8Array ? readBuckets(buckets) : [],
      };
    }
  }

  #boundsOf(id: unknown): readonly number[] {
    if (typeof id !== 'number') return none;
    const known = this.#knownBounds.get(id);
    if (known !== undefined) return known;
    const json: unknown = JSON.parse(String(this.#bounds.get(id)?.['bounds'] ?? '[]'));
    const bounds = Array.isArray(json) ? json.filter((bound) => typeof bound === 'number') : none;
    this.#knownBounds.set(id, bounds);
    return bounds;
  }
}

const none: readonly number[] = [];

/** `service` and `instance` say who measured; what the metric itself calls so is named as Prometheus would name it. */
function shownName(name: string): string {
  return name === 'service' || name === 'instance' ? `exported_${name}` : name;
}

function kindOf(kind: unknown): Kind {
  return kind === 'sum' || kind === 'histogram' ? kind : 'gauge';
}

/** What can be shown of such a metric: the wanted, or what comes closest. */
function possible(show: MetricShow, kind: Kind, monotonic: boolean): MetricShow {
  if (kind === 'histogram') return show === 'value' ? 'mean' : show;
  if (kind === 'gauge' || !monotonic) return 'value';
  return show === 'value' || show === 'errors' ? show : 'rate';
}

function isFailure(attributes: Readonly<Record<string, string>>): boolean {
  const { 'error.type': type, 'http.response.status_code': status } = attributes;
  // A 404 is no failure of the server, though some libraries name it as `error.type`.
  if (status !== undefined && status !== '') return Number(status) >= 500;
  return type !== undefined && type !== '';
}

function sizeOf({ values }: MetricSeries): number {
  return values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
}
