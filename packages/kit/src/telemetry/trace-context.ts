import { randomFillSync } from 'node:crypto';

/** Which trace a request belongs to (W3C Trace Context). */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero: the span that is the parent of whatever happens next. */
  readonly spanId: string;
  readonly sampled: boolean;
  /** Other systems' part, handed on as it came. */
  readonly tracestate?: string;
}

/** Fills `bytes` with random ones. Injected so that tests know the ids. */
export type FillRandom = (bytes: Uint8Array) => void;

const fillFromCrypto: FillRandom = (bytes) => void randomFillSync(bytes);

const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent` (and its `tracestate`). `undefined` for anything invalid: the caller then starts a new trace,
 * never an error. Later versions than 00 are read as the specification asks: by their known front part.
 */
export function parseTraceparent(header: string | undefined, tracestate?: string): TraceContext | undefined {
  if (header === undefined || header.length > 512) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = traceparentPattern.exec(header) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const sampled = (Number.parseInt(flags, 16) & 1) === 1;
  const state = cleanTracestate(tracestate);
  return { traceId, spanId, sampled, ...(state === undefined ? {} : { tracestate: state }) };
}

/** A trace that begins here. */
export function newTraceContext(fillRandom: FillRandom = fillFromCrypto): TraceContext {
  return { traceId: newId(16, fillRandom), spanId: newId(8, fillRandom), sampled: true };
}

/** A new span within `parent`'s trace. */
export function childOf(parent: TraceContext, fillRandom: FillRandom = fillFromCrypto): TraceContext {
  return { ...parent, spanId: newId(8, fillRandom) };
}

/** The `traceparent` that hands `context` on. */
export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}

/** Longer than 512 characters need not be handed on; control characters must never be. */
function cleanTracestate(value: string | undefined): string | undefined {
  return value !== undefined && value !== '' && /^[\x20-\x7e]{1,512}$/.test(value) ? value : undefined;
}

function newId(length: number, fillRandom: FillRandom): string {
  const bytes = new Uint8Array(length);
  fillRandom(bytes);
  const id = Buffer.from(bytes.buffer).toString('hex');
  // All zero means "no id"; it comes once in 2^64.
  return /^0+$/.test(id) ? `${id.slice(0, -1)}1` : id;
}
