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

const traceIdBytes = 16;
const idBytes = 24;
/** Ids made ahead: asking for random bytes costs fifty times as much as turning them into an id. */
const storedIds = 170;

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

/** Makes the ids of traces and spans: one per program, since it keeps a store of random bytes. */
export class TraceIds {
  readonly #store: Buffer = Buffer.alloc(storedIds * idBytes);
  readonly #fillRandom: FillRandom;
  #used = storedIds * idBytes;

  constructor(fillRandom: FillRandom = fillFromCrypto) {
    this.#fillRandom = fillRandom;
  }

  /** A trace that begins here. */
  newTrace(): TraceContext {
    const digits = this.#digits();
    return { traceId: digits.slice(0, traceIdBytes * 2), spanId: digits.slice(traceIdBytes * 2), sampled: true };
  }

  /** A new span within `parent`'s trace. */
  childOf(parent: TraceContext): TraceContext {
    return { ...parent, spanId: this.#digits().slice(traceIdBytes * 2) };
  }

  /** 48 hex digits. All zero, which would mean "no id", comes less often than a machine errs. */
  #digits(): string {
    if (this.#used === this.#store.length) {
      this.#fillRandom(this.#store);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += idBytes;
    return this.#store.toString('hex', from, this.#used);
  }
}

/** The `traceparent` that hands `context` on. */
export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}

/** Longer than 512 characters need not be handed on; control characters must never be. */
function cleanTracestate(value: string | undefined): string | undefined {
  return value !== undefined && value !== '' && /^[\x20-\x7e]{1,512}$/.test(value) ? value : undefined;
}
