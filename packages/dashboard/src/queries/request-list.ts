import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { kindNumbers } from '../store/span-kinds.ts';
import type { RequestPage, RequestRow } from '../wire/index.ts';
import {
  attributePatterns,
  Conditions,
  containing,
  cursorOf,
  hexOf,
  pageSize,
  readCursor,
  traceIdIn,
} from './conditions.ts';
import type { RequestFilter } from './filters.ts';
import type { Resources } from './resources.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** How far up a trace to look for a request that led to another: deeper ones are listed as requests of their own. */
const maxAncestors = 64;

/** A text that stands in the row of a request. */
const inTheRow = ['path', 'query', 'route', 'name', 'error_type']
  .map((column) => String.raw`${column} LIKE ? ESCAPE '\'`)
  .join(' OR ');

/** An attribute of any span of a trace. Asked for all traces at once: for each by itself takes three times as long. */
const inTheTrace = String.raw`trace_id IN (SELECT trace_id FROM span_data JOIN spans USING (id)
  WHERE data LIKE ? ESCAPE '\' OR data LIKE ? ESCAPE '\' OR data LIKE ? ESCAPE '\')`;

/**
 * What stands for a trace that is asked for by its id: what began it. While that still runs, or if it never comes, whatever is the
 * first that is known of it. Each `?` is the id: asked about the trace of each span instead, a trace of a thousand spans takes a
 * million steps.
 */
const beginsTrace = `(entry = 1 OR (
  NOT EXISTS (SELECT 1 FROM spans WHERE trace_id = ? AND entry = 1)
  AND id = (SELECT id FROM spans WHERE trace_id = ? ORDER BY at_us, id LIMIT 1)))`;

/** Lists requests, and other spans that began a trace. */
export class RequestList {
  readonly #database: DatabaseSync;
  readonly #resources: Resources;
  readonly #parent: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync, resources: Resources) {
    this.#database = database;
    this.#resources = resources;
    this.#parent = database.prepare('SELECT parent_id, kind FROM spans WHERE trace_id = ? AND span_id = ?');
    this.#count = database.prepare('SELECT count(*) AS count FROM spans WHERE trace_id = ?');
  }

  list(filter: RequestFilter): RequestPage {
    const limit = pageSize(filter.limit);
    const requests: RequestRow[] = [];
    for (const row of this.#rows(filter)) {
      if (this.#isWithinAnother(row)) continue;
      requests.push(this.read(row));
      if (requests.length === limit) return { requests, cursor: cursorOf(Number(row['at_us']), Number(row['id'])) };
    }
    return { requests };
  }

  /** The row of the table as the page shows it. */
  read(row: Row): RequestRow {
    const { service } = this.#resources.get(row['resource']);
    const { query, route, error_type: errorType } = row;
    return {
      traceId: hexOf(row['trace_id']),
      spanId: hexOf(row['span_id']),
      service,
      method: typeof row['method'] === 'string' ? row['method'] : '',
      path: String(row['path'] ?? row['name']),
      ...(typeof query === 'string' ? { query } : {}),
      ...(typeof route === 'string' ? { route } : {}),
      status: Number(row['status'] ?? 0),
      atMs: Number(row['at_us']) / 1_000,
      durationMs: Number(row['duration_us']) / 1_000,
      failed: row['failed'] === 1,
      ...(typeof errorType === 'string' ? { errorType } : {}),
      spans: Number(this.#count.get(row['trace_id'] ?? null)?.['count'] ?? 0),
    };
  }

  #rows(filter: RequestFilter): Iterable<Row> {
    const cursor = readCursor(filter.cursor);
    const text = filter.text?.trim() || undefined;
    const pattern = text === undefined ? '' : containing(text);
    const traceId = traceIdIn(text ?? '');
    const conditions = new Conditions()
      .add(traceId === undefined || undefined, 'entry = 1')
      .add(cursor, '(at_us, id) < (?, ?)', cursor?.atUs ?? 0, cursor?.id ?? 0)
      .add(filter.fromMs, 'at_us >= ?', Math.trunc((filter.fromMs ?? 0) * 1_000))
      .add(filter.toMs, 'at_us < ?', Math.trunc((filter.toMs ?? 0) * 1_000))
      .add(filter.route, 'route = ?', filter.route ?? '')
      .add(filter.method, 'method = ?', filter.method?.toUpperCase() ?? '')
      .add(filter.minMs, 'duration_us >= ?', Math.trunc((filter.minMs ?? 0) * 1_000));
    addStatus(conditions, filter.status);
    conditions.add(
      filter.service,
      `EXISTS (SELECT 1 FROM spans AS part WHERE part.trace_id = spans.trace_id
        AND part.resource IN (SELECT id FROM resources WHERE service = ?))`,
      filter.service ?? '',
    );
    conditions.add(
      filter.at,
      `resource IN (SELECT id FROM resources WHERE service IN (${(filter.at ?? []).map(() => '?').join()}))`,
      ...(filter.at ?? []),
    );
    if (traceId !== undefined) conditions.add(true, `trace_id = ? AND ${beginsTrace}`, traceId, traceId, traceId);
    else {
      const attribute = attributePatterns(text ?? '');
      conditions.add(
        text,
        `(${inTheRow}${attribute === undefined ? '' : ` OR ${inTheTrace}`})`,
        ...Array<string>(5).fill(pattern),
        ...(attribute ?? []),
      );
    }
    const sql = `SELECT * FROM spans ${conditions.where} ORDER BY at_us DESC, id DESC`;
    return this.#database.prepare(sql).iterate(...conditions.values);
  }

  /** Whether a request led to it that is kept too: then that one is listed. */
  #isWithinAnother(row: Row): boolean {
    let parent = row['parent_id'] ?? null;
    for (let count = 0; parent !== null && count < maxAncestors; count += 1) {
      const above = this.#parent.get(row['trace_id'] ?? null, parent);
      if (above === undefined) return false;
      if (above['kind'] === kindNumbers.server) return true;
      parent = above['parent_id'] ?? null;
    }
    return false;
  }
}

function addStatus(conditions: Conditions, status: string | undefined): void {
  const parts: string[] = [];
  for (const part of status?.split(',') ?? []) {
    const [, digit, exact] = /^(?:([1-5])xx|(\d{1,3}))$/i.exec(part.trim()) ?? [];
    if (digit !== undefined) parts.push(`status BETWEEN ${digit}00 AND ${digit}99`);
    else if (exact === '0') parts.push('status IS NULL');
    else if (exact !== undefined) parts.push(`status = ${Number(exact)}`);
    else if (part.trim() === 'failed') parts.push('failed = 1');
  }
  // A word that means nothing finds nothing, instead of everything.
  conditions.add(status === '' ? undefined : status, parts.length === 0 ? '0' : `(${parts.join(' OR ')})`);
}
