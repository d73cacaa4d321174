import { randomUUID } from 'node:crypto';

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

/**
 * Gives a random UUID of version 4. Injected so that tests know the ids. Ids are cut from one because Node makes them
 * from a store of random bytes, at a tenth of what asking for the bytes themselves costs.
 */
export type RandomUuid = () => string;

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
export function newTraceContext(random: RandomUuid = randomUUID): TraceContext {
  return { traceId: newTraceId(random()), spanId: newSpanId(random()), sampled: true };
}

/** A new span within `parent`'s trace. */
export function childOf(parent: TraceContext, random: RandomUuid = randomUUID): TraceContext {
  return { ...parent, spanId: newSpanId(random()) };
}

/** The `traceparent` that hands `context` on. */
export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}

/** Longer than 512 characters need not be handed on; control characters must never be. */
function cleanTracestate(value: string | undefined): string | undefined {
  return value !== undefined && value !== '' && /^[\x20-\x7e]{1,512}$/.test(value) ? value : undefined;
}

/** All 32 digits: two of them are fixed by the UUID's version and variant, so it is never all zero. */
function newTraceId(uuid: string): string {
  return uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24);
}

/** The 16 digits that begin with the UUID's variant, so it is never all zero. */
function newSpanId(uuid: string): string {
  return uuid.slice(19, 23) + uuid.slice(24);
}
