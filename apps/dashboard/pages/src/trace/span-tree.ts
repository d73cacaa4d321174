import type { TraceSpan } from '@flotilla/dashboard/wire';

/** A span with its place in the tree. */
export interface SpanRow {
  readonly span: TraceSpan;
  /** Whether its service is not that of its parent. */
  readonly isOtherService: boolean;
  /** 1 for those without a parent, as screen readers count. */
  readonly level: number;
  readonly hasChildren: boolean;
  /** How many spans are below it. */
  readonly below: number;
  /** Time that none of its children accounts for, in milliseconds. */
  readonly ownMs: number;
}

/** The rows of all spans, parents before children, children by time. */
export function spanRows(spans: readonly TraceSpan[]): readonly SpanRow[] {
  const known = new Set(spans.map((span) => span.spanId));
  const childrenOf = new Map<string | undefined, TraceSpan[]>();
  for (const span of spans) {
    const parent = span.parentSpanId !== undefined && known.has(span.parentSpanId) ? span.parentSpanId : undefined;
    const siblings = childrenOf.get(parent);
    if (siblings === undefined) childrenOf.set(parent, [span]);
    else siblings.push(span);
  }
  const rows: { -readonly [Field in keyof SpanRow]: SpanRow[Field] }[] = [];
  const seen = new Set<string>();
  // A stack of our own: a chain of thousands of spans must not exhaust that of the browser. Those to come first lie on top.
  const open = lastFirst(childrenOf.get(undefined) ?? []).map((span) => ({ span, level: 1, above: '' }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { span, level, above: serviceAbove } = next;
    // Two spans with one id, or spans that are each other's parents, come only from a broken sender. They must not hang the page.
    if (seen.has(span.spanId)) continue;
    seen.add(span.spanId);
    const children = childrenOf.get(span.spanId) ?? [];
    rows.push({
      span,
      isOtherService: span.service !== serviceAbove,
      level,
      hasChildren: children.length > 0,
      below: 0,
      ownMs: ownTime(span, children),
    });
    for (const child of lastFirst(children)) open.push({ span: child, level: level + 1, above: span.service });
  }
  const above: number[] = [];
  const close = (place: number | undefined, end: number): void => {
    const row = place === undefined ? undefined : rows[place];
    if (row !== undefined && place !== undefined) row.below = end - place - 1;
  };
  rows.forEach((row, index) => {
    // Those whose subtree has ended here are as long as they will be.
    while (above.length >= row.level) close(above.pop(), index);
    above.push(index);
  });
  while (above.length > 0) close(above.pop(), rows.length);
  return rows;
}

function lastFirst(spans: readonly TraceSpan[]): readonly TraceSpan[] {
  return spans.toSorted((a, b) => a.offsetMs - b.offsetMs).reverse();
}

/** The rows that are left when some are closed. */
export function openRows(rows: readonly SpanRow[], closed: ReadonlySet<string>): readonly SpanRow[] {
  const left: SpanRow[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as SpanRow;
    left.push(row);
    if (closed.has(row.span.spanId)) index += row.below;
  }
  return left;
}

/** The rows that contain a text, with all that lead to them. */
export function rowsWith(rows: readonly SpanRow[], text: string): readonly SpanRow[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return rows;
  const kept = new Set<number>();
  const path: number[] = [];
  rows.forEach((row, index) => {
    path.length = row.level - 1;
    path.push(index);
    if (contains(row.span, wanted)) for (const step of path) kept.add(step);
  });
  return rows.filter((_, index) => kept.has(index));
}

function contains(span: TraceSpan, wanted: string): boolean {
  const texts = [span.name, span.service, span.message ?? '', ...Object.values(span.attributes).map(String)];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

/** A span's time without that in which at least one child was at work. */
function ownTime(span: TraceSpan, children: readonly TraceSpan[]): number {
  const end = span.offsetMs + span.durationMs;
  let counted = span.offsetMs;
  let own = span.durationMs;
  for (const child of children.toSorted((a, b) => a.offsetMs - b.offsetMs)) {
    const from = Math.max(counted, child.offsetMs);
    const to = Math.min(end, child.offsetMs + child.durationMs);
    if (to <= from) continue;
    own -= to - from;
    counted = to;
  }
  return Math.max(0, own);
}
