import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** What is kept: each has its share of the room. */
export type Signal = 'spans' | 'logs' | 'points';

export const signals: readonly Signal[] = ['spans', 'logs', 'points'];

/** Rows that came after one another, and go together. */
export interface Segment {
  readonly signal: Signal;
  readonly firstId: number;
  lastId: number;
  /** About how much room they take. */
  bytes: number;
  readonly beganMs: number;
  endedMs: number;
}

/** Small enough to be deleted in some milliseconds, large enough for a day to have a few thousand. */
export const maxSegmentBytes: number = 512 * 1024;
const maxSegmentMs = 60_000;

/** Knows which rows came when and how much room they take, so that the oldest go without a search. */
export class Segments {
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #of: Readonly<Record<Signal, Segment[]>> = { spans: [], logs: [], points: [] };
  readonly #bytes: Record<Signal, number> = { spans: 0, logs: 0, points: 0 };
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#put = database.prepare('INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?)');
    this.#remove = database.prepare('DELETE FROM segments WHERE signal = ? AND first_id = ?');
    this.reload();
  }

  /** Reads them again from the database, after a transaction that came to nothing. */
  reload(): void {
    for (const signal of signals) {
      const rows = this.#database
        .prepare('SELECT first_id, last_id, bytes, began_ms, ended_ms FROM segments WHERE signal = ? ORDER BY first_id')
        .all(signal);
      const segments = rows.map((row) => ({
        signal,
        firstId: Number(row['first_id']),
        lastId: Number(row['last_id']),
        bytes: Number(row['bytes']),
        beganMs: Number(row['began_ms']),
        endedMs: Number(row['ended_ms']),
      }));
      this.#of[signal].splice(0, Number.POSITIVE_INFINITY, ...segments);
      this.#bytes[signal] = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    }
  }

  /** How much room all of them take. */
  get totalBytes(): number {
    return signals.reduce((sum, signal) => sum + this.#bytes[signal], 0);
  }

  /** The id of the next row. Ids are never used twice, even after all rows have gone: the newest segment stays. */
  nextId(signal: Signal): number {
    return (this.#of[signal].at(-1)?.lastId ?? 0) + 1;
  }

  bytes(signal: Signal): number {
    return this.#bytes[signal];
  }

  oldest(signal: Signal): Segment | undefined {
    return this.#of[signal][0];
  }

  all(signal: Signal): readonly Segment[] {
    return this.#of[signal];
  }

  /** Notes that rows up to `lastId` were written. */
  grow(signal: Signal, lastId: number, bytes: number, nowMs: number): void {
    const segments = this.#of[signal];
    let last = segments.at(-1);
    if (last === undefined || last.bytes >= maxSegmentBytes || nowMs - last.beganMs >= maxSegmentMs) {
      const firstId = this.nextId(signal);
      // An empty one stood there for its last id only.
      if (last?.bytes === 0) {
        segments.pop();
        this.#remove.run(signal, last.firstId);
      }
      last = { signal, firstId, lastId, bytes: 0, beganMs: nowMs, endedMs: nowMs };
      segments.push(last);
    }
    last.lastId = lastId;
    last.bytes += bytes;
    last.endedMs = nowMs;
    this.#bytes[signal] += bytes;
    this.#put.run(signal, last.firstId, last.lastId, last.bytes, last.beganMs, last.endedMs);
  }

  /** Notes that rows of a segment were removed, and `bytes` are left of it. */
  shrink(segment: Segment, bytes: number): void {
    this.#bytes[segment.signal] += bytes - segment.bytes;
    segment.bytes = bytes;
    this.#put.run(segment.signal, segment.firstId, segment.lastId, bytes, segment.beganMs, segment.endedMs);
  }

  /** Notes that the rows of the oldest segment were removed. */
  drop(segment: Segment): void {
    const segments = this.#of[segment.signal];
    if (segments.length === 1) {
      this.shrink(segment, 0);
      return;
    }
    segments.shift();
    this.#bytes[segment.signal] -= segment.bytes;
    this.#remove.run(segment.signal, segment.firstId);
  }
}
