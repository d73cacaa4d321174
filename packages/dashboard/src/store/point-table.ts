import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { bucketBytes } from './bucket-bytes.ts';
import { NamedRows } from './named-rows.ts';
import type { PointRecord } from './records.ts';
import { RunningTotals } from './running-totals.ts';

/** About what a row takes: numbers, and its places in the indexes. */
const rowBytes = 62;
/** What programs can measure together: attributes with ids in them would otherwise fill memory and file. */
const maxSeries = 20_000;
const maxMetrics = 5_000;
const maxBounds = 5_000;
const minuteUs = 60_000_000;

/** Writes measurements: one row for each, and one for each series of them. */
export class PointTable {
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #thin: StatementSync;
  readonly #metrics: NamedRows;
  readonly #series: NamedRows;
  readonly #bounds: NamedRows;
  readonly #totals = new RunningTotals();
  /** The minute of the last point of each series. */
  readonly #minutes = new Map<number, number>();

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT OR IGNORE INTO points (id, series, at_us, start_us, value, count, bounds, buckets, lasting)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#delete = database.prepare('DELETE FROM points WHERE id BETWEEN ? AND ?');
    this.#thin = database.prepare('DELETE FROM points WHERE id BETWEEN ? AND ? AND lasting = 0');
    this.#metrics = new NamedRows(database, 'metrics', maxMetrics, ['name', 'kind', 'unit', 'monotonic'], ['help']);
    this.#series = new NamedRows(database, 'series', maxSeries, ['metric', 'resource', 'attributes']);
    this.#bounds = new NamedRows(database, 'bounds', maxBounds, ['bounds']);
  }

  /** About how many bytes the row takes; 0: there is such a point already. Undefined: there are too many series. */
  insert(id: number, point: PointRecord, resource: number, nowMs: number): number | undefined {
    const { name, kind, unit, monotonic, help } = point.metric;
    const metric = this.#metrics.idOf([name, kind, unit, monotonic ? 1 : 0, help], nowMs);
    const series =
      metric === undefined ? undefined : this.#series.idOf([metric, resource, JSON.stringify(point.attributes)], nowMs);
    if (series === undefined) return undefined;
    const total = this.#totals.add(series, point);
    if (total === undefined) return 0;
    const { value } = total;
    const isNumber = typeof value === 'number';
    const bounds =
      isNumber || value.counts.length === 0 ? null : this.#bounds.idOf([JSON.stringify(value.bounds)], nowMs);
    if (bounds === undefined) return undefined;
    const buckets = isNumber ? null : bucketBytes(value.counts);
    const minute = Math.floor(point.atUs / minuteUs);
    const lasting = this.#minutes.get(series) === minute ? 0 : 1;
    const [sum, count] = isNumber ? [value, null] : [value.sum, value.count];
    const { changes } = this.#insert.run(id, series, total.atUs, total.startUs, sum, count, bounds, buckets, lasting);
    if (changes === 0) return 0;
    this.#minutes.set(series, minute);
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
    for (const rows of [this.#series, this.#metrics, this.#bounds]) rows.forget(beforeMs);
    this.#minutes.clear();
  }

  /** What was written may have been rolled back. */
  rolledBack(): void {
    for (const rows of [this.#series, this.#metrics, this.#bounds]) rows.rolledBack();
    this.#minutes.clear();
    // Totals begin again, as after a restart of the sender.
    this.#totals.forgetAll();
  }
}
