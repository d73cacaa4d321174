import { randomFillSync } from 'node:crypto';

/** Which trace a request belongs to (W3C Trace Context). */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero: the span that is the parent of what happens next. */
  readonly spanId: string;
  readonly sampled: boolean;
  /** The part of other systems, passed on unchanged. */
  readonly tracestate?: string;
  /** What callers say of themselves (W3C Baggage), as a header; passed on unchanged. Read it with `readBaggage`. */
  readonly baggage?: string;
}

/** Fills `bytes` with random ones. Injected so that tests know the ids. */
export type FillRandom = (bytes: Uint8Array) => void;

const fillFromCrypto: FillRandom = (bytes) => void randomFillSync(bytes);

const traceIdDigits = 32;
/** The lengths of trace ids and span ids. */
const idBytes = 24;
/**
 * Random bytes kept in stock: getting them costs fifty times as much as making an id of them, and cutting one string into
 * many is cheaper than making many strings.
 */
const storedIds = 340;

const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent` (and its `tracestate`). `undefined` if it is invalid: the caller then starts a new trace; it is
 * never an error. Versions later than 00 are read as the specification requires: by their known first part.
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

/** Makes the ids of traces and spans: one per program, since it keeps a stock of random bytes. */
export class TraceIds {
  readonly #bytes: Buffer = Buffer.alloc(storedIds * idBytes);
  readonly #fillRandom: FillRandom;
  /** The hex digits of the bytes. */
  #digits = '';
  #used = 0;

  constructor(fillRandom: FillRandom = fillFromCrypto) {
    this.#fillRandom = fillRandom;
  }

  /** A trace that begins here. */
  newTrace(): TraceContext {
    const from = this.#take();
    const spanFrom = from + traceIdDigits;
    return {
      traceId: this.#digits.slice(from, spanFrom),
      spanId: this.#digits.slice(spanFrom, this.#used),
      sampled: true,
    };
  }

  /** A new span within `parent`'s trace. */
  childOf(parent: TraceContext): TraceContext {
    const from = this.#take();
    return { ...parent, spanId: this.#digits.slice(from + traceIdDigits, this.#used) };
  }

  /**
   * Where the next 48 digits begin; they end at the new `#used`. All zeros, which would mean "no id", are rarer than hardware
   * errors.
   */
  #take(): number {
    if (this.#used === this.#digits.length) {
      this.#fillRandom(this.#bytes);
      this.#digits = this.#bytes.toString('hex');
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += idBytes * 2;
    return from;
  }
}

/** The `traceparent` that passes `context` on. */
export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}

/** More than 512 characters, or more entries, need not be passed on. */
const tracestateLimits = { characters: 512, entries: 32 } as const;
/** An entry, or the nothing between two commas. */
const tracestateEntry =
  /^[ \t]*(?:[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e])?[ \t]*$/;

/** As it came. Undefined if it is none that everybody can read: whoever reads it next would have to guess, or to throw it away. */
function cleanTracestate(value: string | undefined): string | undefined {
  if (value === undefined || value === '' || value.length > tracestateLimits.characters) return undefined;
  const entries = value.split(',');
  return entries.length <= tracestateLimits.entries && entries.every((entry) => tracestateEntry.test(entry))
    ? value
    : undefined;
}
