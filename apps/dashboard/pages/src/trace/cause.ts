import type { Trace, TraceSpan } from '@flotilla/dashboard/wire';
import { spanRows } from './span-tree.ts';

/** The span to look at first, and why. */
export type Cause =
  | {
      readonly kind: 'failed';
      readonly span: TraceSpan;
      /** Who was called, and where; undefined: nobody else was. */
      readonly callee: Callee | undefined;
      /** The stable code of the error, or what went wrong in a word. */
      readonly errorType: string | undefined;
      /** What it says for people. */
      readonly message: string | undefined;
      /** How many attempts there were, if there was more than one. */
      readonly attempts: number | undefined;
    }
  | {
      readonly kind: 'slow';
      readonly span: TraceSpan;
      readonly callee: Callee | undefined;
      /** Of the whole trace, from 0 to 1. */
      readonly share: number;
      readonly ownMs: number;
      /** Whether somebody would call it slow; of a quick request, it is only what most of the time went by with. */
      readonly isLong: boolean;
    };

/** Whoever a span waited for. */
export interface Callee {
  readonly name: string;
  /** `127.0.0.1:8002` */
  readonly address: string | undefined;
}

/** A span that takes this share of a trace is why the trace takes so long. */
const slowShare = 0.5;

/** What takes this long is slow. */
const slowMs = 500;

/**
 * What a trace failed by, or spent most of its time with. Undefined if nothing stands out. Of failed spans it is the one furthest down:
 * those above it failed because it did. Of several attempts, it is the last, since that decided.
 */
export function causeOf(trace: Trace): Cause | undefined {
  const rows = spanRows(trace.spans);
  const root = rows[0];
  if (root === undefined) return undefined;
  const requestFailed = trace.request?.failed ?? root.span.failed;
  if (requestFailed) {
    const failed = rows.filter(({ span }) => span.failed);
    const deepest = failed.reduce((best, row) => (isCloser(row, best) ? row : best), failed[0] ?? root);
    const span = deepest.span;
    const attempts = trace.spans.filter(
      (other) => other.attributes['flotilla.attempt'] !== undefined && other.parentSpanId === span.parentSpanId,
    );
    return {
      kind: 'failed',
      span,
      callee: calleeOf(span),
      errorType: textOf(span.attributes['error.type']),
      message: span.message ?? exceptionOf(span),
      attempts: attempts.length > 1 ? attempts.length : undefined,
    };
  }
  const slowest = rows.reduce((best, row) => (row.ownMs > best.ownMs ? row : best), root);
  const share = trace.durationMs > 0 ? slowest.ownMs / trace.durationMs : 0;
  // A trace of a single span has nothing that would stand out in it.
  if (rows.length < 2 || share < slowShare) return undefined;
  const isLong = trace.durationMs >= slowMs;
  return { kind: 'slow', span: slowest.span, callee: calleeOf(slowest.span), share, ownMs: slowest.ownMs, isLong };
}

/** Only services: a statement's name says better what was waited for than the address of its database. */
function calleeOf({ attributes, kind }: TraceSpan): Callee | undefined {
  const name = textOf(attributes['peer.service']);
  if (kind !== 'client' || name === undefined) return undefined;
  const host = textOf(attributes['server.address']);
  const port = attributes['server.port'];
  return { name, address: host === undefined || typeof port !== 'number' ? host : `${host}:${port}` };
}

interface Place {
  readonly level: number;
  readonly span: TraceSpan;
}

function isCloser(row: Place, best: Place): boolean {
  if (row.level !== best.level) return row.level > best.level;
  return row.span.offsetMs > best.span.offsetMs;
}

function exceptionOf(span: TraceSpan): string | undefined {
  const event = span.events.findLast(({ name }) => name === 'exception');
  return textOf(event?.attributes['exception.message']);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
