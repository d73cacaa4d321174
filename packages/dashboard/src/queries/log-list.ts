import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { LogLevel, LogPage, LogRow } from '../wire/index.ts';
import { Conditions, containing, cursorOf, hexOf, pageSize, readCursor, traceIdIn } from './conditions.ts';
import type { LogFilter } from './filters.ts';
import { parsedFields } from './parsed-fields.ts';
import type { Resources } from './resources.ts';

/** The lowest number of each level: OpenTelemetry has four of each. */
const lowest: Readonly<Record<LogLevel, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 };
const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Lists lines of logs. */
export class LogList {
  readonly #database: DatabaseSync;
  readonly #resources: Resources;

  constructor(database: DatabaseSync, resources: Resources) {
    this.#database = database;
    this.#resources = resources;
  }

  /** Newest first. */
  list(filter: LogFilter): LogPage {
    const limit = pageSize(filter.limit);
    const conditions = conditionsOf(filter);
    if (conditions === undefined) return { logs: [] };
    const cursor = readCursor(filter.cursor);
    conditions.add(cursor, '(at_us, id) < (?, ?)', cursor?.atUs ?? 0, cursor?.id ?? 0);
    const sql = `SELECT * FROM logs ${conditions.where} ORDER BY at_us DESC, id DESC LIMIT ${limit}`;
    const rows = this.#database.prepare(sql).all(...conditions.values);
    const last = rows.length < limit ? undefined : rows.at(-1);
    return {
      logs: rows.map((row) => this.#read(row)),
      ...(last === undefined ? {} : { cursor: cursorOf(Number(last['at_us']), Number(last['id'])) }),
    };
  }

  /** Those that arrived after the line `id`, in that order; at most 1000 at once. */
  after(id: number, filter: LogFilter): readonly LogRow[] {
    const conditions = conditionsOf(filter)?.add(id, 'id > ?', id);
    if (conditions === undefined) return [];
    const sql = `SELECT * FROM logs ${conditions.where} ORDER BY id LIMIT ${pageSize(filter.limit ?? 1_000)}`;
    return this.#database
      .prepare(sql)
      .all(...conditions.values)
      .map((row) => this.#read(row));
  }

  /** The id of the line that arrived last; 0: there is none. */
  lastId(): number {
    return Number(this.#database.prepare('SELECT max(id) AS id FROM logs').get()?.['id'] ?? 0);
  }

  #read(row: Readonly<Record<string, SQLOutputValue>>): LogRow {
    const { service, instanceId } = this.#resources.get(row['resource']);
    const [traceId, spanId] = [hexOf(row['trace_id']), hexOf(row['span_id'])];
    return {
      id: Number(row['id']),
      atMs: Number(row['at_us']) / 1_000,
      level: levelOf(Number(row['severity'])),
      service,
      ...(instanceId === undefined ? {} : { instanceId }),
      message: String(row['message']),
      fields: parsedFields(row['fields']),
      ...(traceId === '' ? {} : { traceId }),
      ...(spanId === '' ? {} : { spanId }),
    };
  }
}

/** Undefined: nothing can fulfil it. */
function conditionsOf(filter: LogFilter): Conditions | undefined {
  const traceId = filter.traceId === undefined ? undefined : traceIdIn(filter.traceId);
  if (filter.traceId !== undefined && traceId === undefined) return undefined;
  const text = filter.text?.trim() || undefined;
  const pattern = text === undefined ? '' : containing(text);
  const sender = new Conditions()
    .add(filter.service, 'service = ?', filter.service ?? '')
    .add(filter.instance, 'instance_id = ?', filter.instance ?? '');
  return new Conditions()
    .add(traceId, 'trace_id = ?', traceId ?? null)
    .add(filter.fromMs, 'at_us >= ?', Math.trunc((filter.fromMs ?? 0) * 1_000))
    .add(filter.toMs, 'at_us < ?', Math.trunc((filter.toMs ?? 0) * 1_000))
    .add(filter.level, severityAtLeast(filter.level))
    .add(filter.service ?? filter.instance, `resource IN (SELECT id FROM resources ${sender.where})`, ...sender.values)
    .add(
      text,
      String.raw`(message LIKE ? ESCAPE '\' OR fields LIKE ? ESCAPE '\' OR trace_id = ?)`,
      pattern,
      pattern,
      traceIdIn(text ?? '') ?? null,
    );
}

/** In the words of the index for what warns: SQLite uses it only for what literally says so. */
function severityAtLeast(level: LogLevel = 'trace'): string {
  const wanted = `severity >= ${lowest[level]}`;
  return lowest[level] > lowest.warn ? `severity >= ${lowest.warn} AND ${wanted}` : wanted;
}

function levelOf(severity: number): LogLevel {
  return levels[Math.min(Math.max(Math.floor((severity - 1) / 4), 0), 5)] ?? 'info';
}
