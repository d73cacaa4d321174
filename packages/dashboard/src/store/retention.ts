import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogTable } from './log-table.ts';
import type { PointTable } from './point-table.ts';
import { maxSegmentBytes, type Segment, type Segments, type Signal, signals } from './segments.ts';
import type { SpanTable } from './span-table.ts';

/** What is kept at most. */
export interface Bounds {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** What each may have of the room while the others want theirs too. What one does not need, the others have. */
const shares: Readonly<Record<Signal, number>> = { spans: 0.5, logs: 0.25, points: 0.25 };
/** For how long every measurement is kept; later, one a minute. */
const everyPointMs = 1_800_000;

/** Removes the oldest, so that the rest stays within its bounds. */
export class Retention {
  readonly #bounds: Bounds;
  readonly #segments: Segments;
  readonly #tables: { readonly spans: SpanTable; readonly logs: LogTable; readonly points: PointTable };
  readonly #pages: StatementSync;
  readonly #free: StatementSync;
  readonly #pageBytes: number;
  /** What came and was not made up for yet: less than a segment. */
  #owedBytes = 0;
  /** Segments of points up to this id are thin. */
  #thinUntilId = 0;

  constructor(
    database: DatabaseSync,
    bounds: Bounds,
    segments: Segments,
    tables: { readonly spans: SpanTable; readonly logs: LogTable; readonly points: PointTable },
  ) {
    this.#bounds = bounds;
    this.#segments = segments;
    this.#tables = tables;
    this.#pages = database.prepare('PRAGMA page_count');
    this.#free = database.prepare('PRAGMA freelist_count');
    this.#pageBytes = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
  }

  /** Bytes of the file that hold something. */
  usedBytes(): number {
    const pages = Number(this.#pages.get()?.['page_count']) - Number(this.#free.get()?.['freelist_count']);
    return pages * this.#pageBytes;
  }

  /** Removes some of what is too old or too much, within the transaction of the caller. True: there is more to remove. */
  tidy(nowMs: number): boolean {
    // One segment: while it goes, nothing is written, and a file that is not in memory makes it take a tenth of a second.
    return this.#thinPoints(nowMs, 1) > 0 || this.#remove(nowMs, 1);
  }

  /** Does the same after `bytes` were added: about as much goes, so that writers wait for no more than that. */
  makeUpFor(bytes: number, nowMs: number): void {
    this.#owedBytes += bytes;
    const due = this.#owedBytes - (this.#owedBytes % maxSegmentBytes);
    this.#owedBytes -= due;
    this.#remove(nowMs, due);
  }

  /**
   * Removes the oldest of whatever takes most beyond its share, at least `bytes` of it: that may be many segments, as those of quiet
   * times are small. False: nothing was left to remove.
   */
  makeRoom(bytes: number): boolean {
    for (let left = bytes; left > 0; ) {
      const gone = this.#dropOldest();
      if (gone === 0) return false;
      left -= gone;
    }
    return true;
  }

  /** Removes at least `bytes`, if there is so much to remove: true. */
  #remove(nowMs: number, bytes: number): boolean {
    let left = bytes;
    for (const signal of signals) {
      while (left > 0) {
        const oldest = this.#segments.oldest(signal);
        if (oldest === undefined || oldest.bytes === 0 || oldest.endedMs >= nowMs - this.#bounds.maxAgeMs) break;
        left -= this.#drop(oldest);
      }
    }
    while (left > 0 && this.usedBytes() > this.#bounds.maxBytes) {
      const gone = this.#dropOldest();
      if (gone === 0) break;
      left -= gone;
    }
    return left <= 0;
  }

  /** Returns how many bytes the oldest segment of whatever takes most beyond its share had; 0: there is nothing to remove. */
  #dropOldest(): number {
    const excess = (signal: Signal): number => this.#segments.bytes(signal) / shares[signal];
    const [most] = signals.toSorted((one, other) => excess(other) - excess(one));
    const oldest = most === undefined ? undefined : this.#segments.oldest(most);
    return oldest === undefined || oldest.bytes === 0 ? 0 : this.#drop(oldest);
  }

  /** Returns how many bytes it had. */
  #drop(segment: Segment): number {
    const { bytes } = segment;
    this.#tables[segment.signal].delete(segment.firstId, segment.lastId);
    this.#segments.drop(segment);
    return bytes;
  }

  #thinPoints(nowMs: number, limit: number): number {
    let done = 0;
    for (const segment of this.#segments.all('points')) {
      if (done >= limit || segment.endedMs >= nowMs - everyPointMs) break;
      if (segment.lastId <= this.#thinUntilId) continue;
      const rows = segment.lastId - segment.firstId + 1;
      const gone = this.#tables.points.thin(segment.firstId, segment.lastId);
      this.#segments.shrink(segment, Math.max(1, Math.round((segment.bytes * (rows - gone)) / rows)));
      this.#thinUntilId = segment.lastId;
      done += 1;
    }
    return done;
  }
}
