import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { boundedJson } from './bounded-json.ts';
import type { SpanRecord } from './records.ts';
import { spanColumns } from './span-columns.ts';
import { kindNumbers } from './span-kinds.ts';

/** About what a row takes beside its texts: numbers, ids, and its places in the indexes. */
const rowBytes = 190;

/** Writes spans. */
export class SpanTable {
  readonly #insert: StatementSync;
  readonly #insertData: StatementSync;
  readonly #delete: readonly StatementSync[];

  constructor(database: DatabaseSync) {
    // A client that got no answer sends its spans again: the first stays.
    this.#insert = database.prepare(`
      INSERT OR IGNORE INTO spans (id, trace_id, span_id, parent_id, resource, kind, at_us, duration_us, failed, weight, entry,
        status, name, method, path, query, route, error_type, protocol, peer, address)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#insertData = database.prepare('INSERT INTO span_data (id, data) VALUES (?, ?)');
    this.#delete = [
      database.prepare('DELETE FROM spans WHERE id BETWEEN ? AND ?'),
      database.prepare('DELETE FROM span_data WHERE id BETWEEN ? AND ?'),
    ];
  }

  /** About how many bytes the row takes; 0: there is such a span already. */
  insert(id: number, span: SpanRecord, resource: number): number {
    const columns = spanColumns(span);
    const name = span.name.slice(0, 512);
    const { changes } = this.#insert.run(
      id,
      span.traceId,
      span.spanId,
      span.parentSpanId ?? null,
      resource,
      kindNumbers[span.kind],
      span.startUs,
      span.durationUs,
      isFailure(span, columns.status) ? 1 : 0,
      span.weight,
      span.kind === 'server' || span.parentSpanId === undefined ? 1 : 0,
      columns.status,
      name,
      columns.method,
      columns.path,
      columns.query,
      columns.route,
      columns.errorType,
      columns.protocol,
      columns.peer,
      columns.address,
    );
    if (changes === 0) return 0;
    const data = boundedJson({
      attributes: span.attributes,
      ...(span.events.length === 0 ? {} : { events: span.events }),
      ...(span.links.length === 0 ? {} : { links: span.links }),
      ...(span.message === undefined ? {} : { message: span.message }),
    });
    this.#insertData.run(id, data);
    return rowBytes + data.length + name.length + (columns.path?.length ?? 0) + (columns.query?.length ?? 0);
  }

  delete(firstId: number, lastId: number): void {
    for (const statement of this.#delete) statement.run(firstId, lastId);
  }
}

/** Some libraries leave it to the reader that a server has failed. */
function isFailure({ failed, kind }: SpanRecord, status: number | null): boolean {
  return failed || (kind === 'server' && (status ?? 0) >= 500);
}
