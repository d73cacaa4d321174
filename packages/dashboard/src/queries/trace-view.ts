import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Fields } from '../store/index.ts';
import { kindNumbers, kindOf } from '../store/span-kinds.ts';
import type { LogRow, SpanEventView, Trace, TraceSpan } from '../wire/index.ts';
import { hexOf, traceIdIn } from './conditions.ts';
import type { LogList } from './log-list.ts';
import { isFields, parsedFields } from './parsed-fields.ts';
import type { RequestList } from './request-list.ts';
import type { Resources } from './resources.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** A page can show as many; a trace with more is one that never ended. */
const maxSpans = 10_000;

interface Node {
  readonly row: Row;
  readonly children: Node[];
}

/** Reads one trace. */
export class TraceView {
  readonly #spans: StatementSync;
  readonly #resources: Resources;
  readonly #requests: RequestList;
  readonly #logs: LogList;

  constructor(database: DatabaseSync, resources: Resources, requests: RequestList, logs: LogList) {
    this.#spans = database.prepare(`
      SELECT spans.*, data FROM spans LEFT JOIN span_data USING (id) WHERE trace_id = ? ORDER BY at_us, id LIMIT ${maxSpans}`);
    this.#resources = resources;
    this.#requests = requests;
    this.#logs = logs;
  }

  /** Undefined: nothing is kept of it. */
  read(traceId: string): Trace | undefined {
    const id = traceIdIn(traceId);
    if (id === undefined) return undefined;
    const rows: readonly Row[] = this.#spans.all(id);
    const logs = this.#logs.list({ traceId, limit: 1_000 }).logs.toReversed();
    if (rows.length === 0 && logs.length === 0) return undefined;
    const startUs = rows.reduce((least, row) => Math.min(least, Number(row['at_us'])), Number.POSITIVE_INFINITY);
    const endUs = rows.reduce((most, row) => Math.max(most, Number(row['at_us']) + Number(row['duration_us'])), 0);
    const { roots, missingParents } = treeOf(rows);
    const spans = [...inOrder(roots, 0)].map(({ row, depth }) => this.#span(row, depth, startUs));
    const first = roots.find(({ row }) => row['kind'] === kindNumbers.server) ?? firstServer(rows);
    const problem = problemOf(spans, logs);
    return {
      traceId: hexOf(id),
      startedMs: rows.length === 0 ? (logs[0]?.atMs ?? 0) : startUs / 1_000,
      durationMs: rows.length === 0 ? 0 : (endUs - startUs) / 1_000,
      spans,
      logs,
      ...(problem === undefined ? {} : { problem }),
      ...(first === undefined ? {} : { request: this.#requests.read(first.row) }),
      missingParents,
    };
  }

  #span(row: Row, depth: number, startUs: number): TraceSpan {
    const { service, instanceId } = this.#resources.get(row['resource']);
    const data = parsedFields(row['data']);
    const parentSpanId = hexOf(row['parent_id']);
    const { message, attributes } = data;
    return {
      spanId: hexOf(row['span_id']),
      ...(parentSpanId === '' ? {} : { parentSpanId }),
      depth,
      service,
      ...(instanceId === undefined ? {} : { instanceId }),
      name: String(row['name']),
      kind: kindOf(row['kind']),
      offsetMs: (Number(row['at_us']) - startUs) / 1_000,
      durationMs: Number(row['duration_us']) / 1_000,
      failed: row['failed'] === 1,
      ...(typeof message === 'string' ? { message } : {}),
      attributes: isFields(attributes) ? attributes : {},
      events: listOf(data['events']).map((event) => eventOf(event, startUs)),
      links: listOf(data['links']).map((link) => ({
        traceId: String(link['traceId']),
        spanId: String(link['spanId']),
      })),
    };
  }
}

/** Puts spans below their parents. Those in a circle, which only a mistake makes, begin at the earliest. */
function treeOf(rows: readonly Row[]): { readonly roots: readonly Node[]; readonly missingParents: number } {
  const nodes: readonly Node[] = rows.map((row) => ({ row, children: [] }));
  const byId = new Map<string, Node>();
  // Two spans may share an id, as those of Zipkin's clients and servers do: the server's is the parent of what follows.
  for (const node of nodes) {
    const id = hexOf(node.row['span_id']);
    if (!byId.has(id) || node.row['kind'] === kindNumbers.server) byId.set(id, node);
  }
  const roots: Node[] = [];
  let missingParents = 0;
  for (const node of nodes) {
    const parentId = hexOf(node.row['parent_id']);
    const parent = byId.get(parentId);
    if (parent !== undefined && parent !== node) parent.children.push(node);
    else {
      roots.push(node);
      if (parentId !== '' && parent === undefined) missingParents += 1;
    }
  }
  const reached = new Set([...inOrder(roots, 0)].map(({ row }) => row));
  for (const node of nodes) {
    if (reached.has(node.row)) continue;
    roots.push(node);
    for (const { row } of inOrder([node], 0, reached)) reached.add(row);
  }
  return { roots, missingParents };
}

/** Parents before their children, without recursion: a trace may be as deep as it has spans. */
function* inOrder(
  roots: readonly Node[],
  depth: number,
  seen: Set<Row> = new Set(),
): Generator<{ readonly row: Row; readonly depth: number }> {
  const stack = roots.toReversed().map((node) => ({ node, depth }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, depth: own } = next;
    if (seen.has(node.row)) continue;
    seen.add(node.row);
    yield { row: node.row, depth: own };
    for (const child of node.children.toReversed()) stack.push({ node: child, depth: own + 1 });
  }
}

function firstServer(rows: readonly Row[]): { readonly row: Row } | undefined {
  const row = rows.find(({ kind }) => kind === kindNumbers.server);
  return row === undefined ? undefined : { row };
}

function eventOf(event: Fields, startUs: number): SpanEventView {
  const { name, atUs, attributes } = event;
  return {
    name: String(name),
    offsetMs: (Number(atUs) - startUs) / 1_000,
    attributes: isFields(attributes) ? attributes : {},
  };
}

/** The problem document, as far as the first that failed says: its attributes, or the line that was logged of it. */
function problemOf(spans: readonly TraceSpan[], logs: readonly LogRow[]): Fields | undefined {
  for (const { attributes } of spans) {
    const document = attributes['flotilla.problem'];
    if (typeof document === 'string') return parsedFields(document);
  }
  const logged = logs.map(({ fields }) => fields['problem']).find(isFields);
  if (logged !== undefined) return logged;
  const failed = spans.find((span) => span.failed && span.kind === 'server');
  if (failed === undefined) return undefined;
  const status = failed.attributes['http.response.status_code'];
  const code = failed.attributes['error.type'];
  if (code === undefined && failed.message === undefined) return undefined;
  return {
    ...(typeof status === 'number' ? { status } : {}),
    ...(code === undefined ? {} : { code }),
    ...(failed.message === undefined ? {} : { detail: failed.message }),
  };
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}
