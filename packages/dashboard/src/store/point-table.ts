import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { bucketBytes } from './bucket-bytes.ts';
import type { MetricRecord, PointRecord } from './records.ts';
import { RunningTotals } from './running-totals.ts';

/** About what a row takes: numbers, and its places in the indexes. */
const rowBytes = 62;
/** What programs can measure together. A label with ids in it would otherwise fill memory and file. */
const maxSeries = 20_000;
const maxMetrics = 5_000;
const noteEveryMs = 60_000;
const minuteUs = 60_000_000;

interface Series {
  readonly id: number;
  notedMs: number;
  minute: number;
}

/** Writes measurements: one row for each, and one for each series of them. */
export class PointTable {
  readonly #insert: StatementSync;
  readonly #insertSeries: StatementSync;
  readonly #insertMetric: StatementSync;
  readonly #delete: StatementSync;
  readonly #thin: StatementSync;
  readonly #forget: readonly StatementSync[];
  readonly #series = new Map<string, Series>();
  readonly #metrics = new Map<string, number>();
  readonly #totals = new RunningTotals();
  readonly #count: StatementSync;
  /** Rows of series, used or not. */
  #rows = 0;
  #highestId = 0;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT OR IGNORE INTO points (id, series, at_us, start_us, value, count, buckets, lasting) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#insertMetric = database.prepare(`
      INSERT INTO metrics (name, kind, unit, help, monotonic) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET help = excluded.help RETURNING id`);
    this.#insertSeries = database.prepare(`
      INSERT INTO series (metric, resource, attributes, bounds, seen_ms) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET seen_ms = excluded.seen_ms RETURNING id`);
    this.#delete = database.prepare('DELETE FROM points WHERE id BETWEEN ? AND ?');
    this.#thin = database.prepare('DELETE FROM points WHERE id BETWEEN ? AND ? AND lasting = 0');
    this.#count = database.prepare('SELECT count(*) AS count, max(id) AS highest FROM series');
    this.#forget = [
      database.prepare('DELETE FROM series WHERE seen_ms < ?'),
      database.prepare('DELETE FROM metrics WHERE id NOT IN (SELECT metric FROM series) AND ? > 0'),
    ];
    this.#countRows();
  }

  /** About how many bytes the row takes; 0: there is such a point already. Undefined: there are too many series. */
  insert(id: number, point: PointRecord, resource: number, nowMs: number): number | undefined {
    const series = this.#seriesOf(point, resource, nowMs);
    if (series === undefined) return undefined;
    const total = this.#totals.add(series.id, point);
    if (total === undefined) return 0;
    const minute = Math.floor(point.atUs / minuteUs);
    const { value } = total;
    const [sum, count, buckets] =
      typeof value === 'number' ? [value, null, null] : [value.sum, value.count, bucketBytes(value.counts)];
    const lasting = minute === series.minute ? 0 : 1;
    const { changes } = this.#insert.run(id, series.id, total.atUs, total.startUs, sum, count, buckets, lasting);
    if (changes === 0) return 0;
    series.minute = minute;
    return rowBytes + (buckets?.length ?? 0);
  }

  delete(firstId: number, lastId: number): void {
    this.#delete.run(firstId, lastId);
  }

  /** Leaves one point a minute of each series. Returns how many have gone. */
  thin(firstId: number, lastId: number): number {
    return Number(this.#thin.run(firstId, lastId).changes);
  }

  /** Forgets series of which nothing was sent since `beforeMs`: nothing of theirs is kept any more. */
  forget(beforeMs: number): void {
    const limitMs = beforeMs - 2 * noteEveryMs;
    for (const statement of this.#forget) statement.run(limitMs);
    for (const [key, { notedMs }] of this.#series) if (notedMs < limitMs) this.#series.delete(key);
    this.#metrics.clear();
    this.#countRows();
  }

  /** What was written may have been rolled back. */
  rolledBack(): void {
    this.#series.clear();
    this.#metrics.clear();
    // Totals begin again, as after a restart of the sender.
    this.#totals.forgetAll();
    this.#countRows();
  }

  #countRows(): void {
    const row = this.#count.get();
    this.#rows = Number(row?.['count']);
    this.#highestId = Number(row?.['highest'] ?? 0);
  }

  #seriesOf({ metric, attributes, value }: PointRecord, resource: number, nowMs: number): Series | undefined {
    const bounds = typeof value === 'number' ? '' : JSON.stringify(value.bounds);
    const words = JSON.stringify(attributes);
    const key = `${metric.name}\n${metric.kind}\n${metric.unit}\n${metric.monotonic}\n${resource}\n${words}\n${bounds}`;
    const known = this.#series.get(key);
    if (known !== undefined && nowMs - known.notedMs < noteEveryMs) return known;
    if (known === undefined && this.#rows >= maxSeries) return undefined;
    const metricId = this.#metricOf(metric);
    if (metricId === undefined) return undefined;
    const id = Number(this.#insertSeries.get(metricId, resource, words, bounds, nowMs)?.['id']);
    if (id > this.#highestId) {
      this.#highestId = id;
      this.#rows += 1;
    }
    const series = { id, notedMs: nowMs, minute: known?.minute ?? -1 };
    this.#series.set(key, series);
    return series;
  }

  #metricOf({ name, kind, unit, help, monotonic }: MetricRecord): number | undefined {
    const key = `${name}\n${kind}\n${unit}\n${monotonic}`;
    const known = this.#metrics.get(key);
    if (known !== undefined) return known;
    if (this.#metrics.size >= maxMetrics) return undefined;
    const id = Number(this.#insertMetric.get(name, kind, unit, help, monotonic ? 1 : 0)?.['id']);
    this.#metrics.set(key, id);
    return id;
  }
}
