import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@flotilla/contracts';
import { Admission } from './admission.ts';
import { FileBound } from './file-bound.ts';
import { LogTable } from './log-table.ts';
import { PointTable } from './point-table.ts';
import type { Added, Batch, LogRecord } from './records.ts';
import { ResourceTable } from './resource-table.ts';
import { type Bounds, Retention } from './retention.ts';
import { maxSegmentBytes, Segments } from './segments.ts';
import { SpanTable } from './span-table.ts';
import { storageFailure } from './storage-failure.ts';

/** The most that goes at once for one message; what went before makes it about twice as much. */
const mostToMakeRoomBytes = 16 * maxSegmentBytes;

/** How much is kept, and in how large a file. */
export interface StoreBounds {
  readonly bounds: Bounds;
  /** How large the file may become. */
  readonly fileBytes: number;
}

/** Writes what arrives into the database and keeps that within its bounds. Synchronous: whoever has it decides on which thread. */
export class Store {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #bounds: Bounds;
  readonly #resources: ResourceTable;
  readonly #segments: Segments;
  readonly #spans: SpanTable;
  readonly #logs: LogTable;
  readonly #points: PointTable;
  readonly #retention: Retention;
  readonly #file: FileBound;

  constructor(database: DatabaseSync, clock: Clock, { bounds, fileBytes }: StoreBounds) {
    this.#database = database;
    this.#clock = clock;
    this.#bounds = bounds;
    this.#resources = new ResourceTable(database);
    this.#segments = new Segments(database);
    this.#spans = new SpanTable(database);
    this.#logs = new LogTable(database);
    this.#points = new PointTable(database);
    const tables = { spans: this.#spans, logs: this.#logs, points: this.#points };
    this.#retention = new Retention(database, bounds, this.#segments, tables);
    this.#file = new FileBound(database, fileBytes);
  }

  /**
   * Writes batches in one transaction, which a kill of the process leaves whole or undone.
   *
   * @throws what SQLite throws; nothing is written then
   */
  add(batches: readonly Batch[]): Added {
    // If the file has its full size, the oldest goes first: a little, then more, because a message may be larger than what there is of it.
    for (let bytes = maxSegmentBytes; bytes <= mostToMakeRoomBytes; bytes *= 2) {
      try {
        return this.#inTransaction(() => this.#addAll(batches));
      } catch (error) {
        if (storageFailure(error) !== 'full') throw error;
      }
      this.#inTransaction(() => this.#retention.makeRoom(bytes));
    }
    return this.#inTransaction(() => this.#addAll(batches));
  }

  /** Removes what is too old or too much; `add` does too. True: there is more to remove, call it again. */
  tidy(): boolean {
    const nowMs = this.#clock.now();
    const more = this.#inTransaction(() => {
      const left = this.#retention.tidy(nowMs);
      this.#resources.forget(nowMs - this.#bounds.maxAgeMs);
      this.#points.forget(nowMs - this.#bounds.maxAgeMs);
      return left;
    });
    return more || this.#file.shrink();
  }

  /** Bytes of the file that hold something. */
  get usedBytes(): number {
    return this.#retention.usedBytes();
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #addAll(batches: readonly Batch[]): Added {
    const nowMs = this.#clock.now();
    const before = this.#segments.totalBytes;
    const admission = new Admission(nowMs, this.#bounds.maxAgeMs);
    for (const batch of batches) {
      const resource = this.#resources.idOf(batch.resource, nowMs);
      if (resource === undefined) {
        admission.rejectAll(batch, 'Too many programs send telemetry: give resources attributes with few values');
        continue;
      }
      this.#addSpans(batch, resource, nowMs, admission);
      this.#addLogs(batch, resource, nowMs, admission);
      this.#addPoints(batch, resource, nowMs, admission);
    }
    this.#retention.makeUpFor(this.#segments.totalBytes - before, nowMs);
    const { rejected, reason } = admission;
    return { rejected, ...(reason === undefined ? {} : { reason }) };
  }

  #addSpans(batch: Batch, resource: number, nowMs: number, admission: Admission): void {
    let id = this.#segments.nextId('spans');
    let bytes = 0;
    const firstId = id;
    for (const span of batch.spans ?? []) {
      if (!admission.takes('spans', span.startUs, batch)) continue;
      const taken = this.#spans.insert(id, span, resource);
      if (taken === 0) continue;
      bytes += taken;
      id += 1;
    }
    if (id > firstId) this.#segments.grow('spans', id - 1, bytes, nowMs);
  }

  #addLogs(batch: Batch, resource: number, nowMs: number, admission: Admission): void {
    let id = this.#segments.nextId('logs');
    let bytes = 0;
    const firstId = id;
    for (const log of batch.logs ?? []) {
      const atUs = timeOf(log, nowMs);
      if (!admission.takes('logs', atUs, batch)) continue;
      bytes += this.#logs.insert(id, log, atUs, resource);
      id += 1;
    }
    if (id > firstId) this.#segments.grow('logs', id - 1, bytes, nowMs);
  }

  #addPoints(batch: Batch, resource: number, nowMs: number, admission: Admission): void {
    let id = this.#segments.nextId('points');
    let bytes = 0;
    const firstId = id;
    for (const point of batch.points ?? []) {
      if (!admission.takes('points', point.atUs, batch)) continue;
      const taken = this.#points.insert(id, point, resource, nowMs);
      if (taken === undefined)
        admission.reject(
          'points',
          `Too many series of metrics. The last was ${point.metric.name} of ${batch.resource.service}: give it attributes with few values`,
        );
      if (taken === undefined || taken === 0) continue;
      bytes += taken;
      id += 1;
    }
    if (id > firstId) this.#segments.grow('points', id - 1, bytes, nowMs);
  }

  #inTransaction<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#resources.rolledBack();
      this.#points.rolledBack();
      this.#segments.reload();
      throw error;
    }
  }
}

function timeOf({ atUs }: LogRecord, nowMs: number): number {
  return atUs ?? nowMs * 1_000;
}
