import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { boundedJson } from './bounded-json.ts';
import type { LogRecord } from './records.ts';

/** About what a row takes beside its texts: numbers, ids, and its places in the indexes. */
const rowBytes = 90;
const maxMessageChars = 32_768;

/** Writes lines of logs. */
export class LogTable {
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO logs (id, at_us, severity, resource, trace_id, span_id, message, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#delete = database.prepare('DELETE FROM logs WHERE id BETWEEN ? AND ?');
  }

  /** About how many bytes the row takes. */
  insert(id: number, log: LogRecord, atUs: number, resource: number): number {
    const fields = boundedJson(log.fields);
    const message =
      log.message.length <= maxMessageChars
        ? log.message
        : `${log.message.slice(0, maxMessageChars)}… (cut, ${log.message.length} characters)`;
    this.#insert.run(id, atUs, log.severity, resource, log.traceId ?? null, log.spanId ?? null, message, fields);
    return rowBytes + fields.length + message.length;
  }

  delete(firstId: number, lastId: number): void {
    this.#delete.run(firstId, lastId);
  }
}
