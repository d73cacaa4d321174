import { BACKSLASH, CHAR_CLASS, CR, HTAB, LF, QUESTION_MARK, SP, TARGET, TOKEN } from '../bytes/char-class.ts';
import type { LineScanner } from '../fields/section-reader.ts';
import type { Reason } from '../reasons/reasons.ts';
import { isVersionLineEnd, VERSION_BYTES, VERSION_LINE_END_BYTES, versionByteReason, ZERO } from './version.ts';

const METHOD = 0;
const TARGET_PART = 1;
const VERSION = 2;
const LINE_CR = 3;
const LINE_LF = 4;
const DONE = 5;

/** No method that is known is longer; the bound keeps a line of letters from being read to the head's limit. */
const MAX_METHOD_BYTES = 32;
const HASH = 0x23;
const UNDERSCORE = 0x5f;
const ONE = 0x31;

/** Reads `method SP target SP HTTP/1.x CRLF` (RFC 9112 section 3) with single spaces. */
export class RequestLineScanner implements LineScanner {
  reason: Reason | undefined;
  methodEnd = 0;
  targetEnd = 0;
  minor: 0 | 1 = 1;
  readonly #maxTargetBytes: number;
  #state = METHOD;
  #versionAt = 0;
  /** A question mark was looked for and found in the target. */
  #query = false;

  constructor(maxTargetBytes: number) {
    this.#maxTargetBytes = maxTargetBytes;
  }

  get done(): boolean {
    return this.#state === DONE;
  }

  reset(): void {
    this.reason = undefined;
    this.#state = METHOD;
    this.#versionAt = 0;
    this.#query = false;
  }

  scan(buffer: Uint8Array, base: number, from: number, end: number): number {
    let p = from;
    if (this.#state === METHOD) {
      const stop = Math.min(end, base + MAX_METHOD_BYTES + 1);
      while (p < stop && (((CHAR_CLASS[buffer[p] ?? 0] ?? 0) & TOKEN) !== 0 || buffer[p] === UNDERSCORE)) p++;
      if (p - base > MAX_METHOD_BYTES) return this.#refuse(p, 'unknown-method');
      if (p === end) return p;
      if (buffer[p] !== SP || p === base) return this.#refuse(p, methodReason(buffer[p] ?? 0, p === base));
      this.methodEnd = p - base;
      this.#state = TARGET_PART;
      p++;
    }
    if (this.#state === TARGET_PART) {
      const start = base + this.methodEnd + 1;
      const stop = Math.min(end, start + this.#maxTargetBytes + 1);
      while (p < stop && ((CHAR_CLASS[buffer[p] ?? 0] ?? 0) & TARGET) !== 0) p++;
      if (p < stop && buffer[p] === BACKSLASH && this.#inQuery(buffer, start, p)) p = this.#scanQuery(buffer, p, stop);
      if (p - start > this.#maxTargetBytes) return this.#refuse(p, 'target-too-long');
      if (p === end) return p;
      if (buffer[p] !== SP || p === start) return this.#refuse(p, targetReason(buffer[p] ?? 0, p === start));
      this.targetEnd = p - base;
      this.#state = VERSION;
      p++;
      if (p + VERSION_LINE_END_BYTES <= end && isVersionLineEnd(buffer, p)) {
        this.minor = buffer[p + VERSION_BYTES - 1] === ONE ? 1 : 0;
        this.#state = DONE;
        return p + VERSION_LINE_END_BYTES;
      }
    }
    if (this.#state === VERSION) {
      while (p < end && this.#versionAt < VERSION_BYTES) {
        const byte = buffer[p] ?? 0;
        const reason = versionByteReason(this.#versionAt, byte);
        if (reason !== undefined)
          return this.#refuse(p, this.#versionAt === 0 ? firstVersionReason(byte, reason) : reason);
        this.minor = byte === ZERO ? 0 : 1;
        this.#versionAt++;
        p++;
      }
      if (this.#versionAt < VERSION_BYTES) return p;
      this.#state = LINE_CR;
    }
    if (this.#state === LINE_CR && p < end) {
      if (buffer[p] !== CR) return this.#refuse(p, buffer[p] === LF ? 'bare-lf' : 'bad-version');
      this.#state = LINE_LF;
      p++;
    }
    if (this.#state === LINE_LF && p < end) {
      if (buffer[p] !== LF) return this.#refuse(p, 'bare-cr');
      this.#state = DONE;
      p++;
    }
    return p;
  }

  /** Whether `p` is behind the question mark, where a backslash means nothing but itself. */
  #inQuery(buffer: Uint8Array, start: number, p: number): boolean {
    for (let i = start; !this.#query && i < p; i++) this.#query = buffer[i] === QUESTION_MARK;
    return this.#query;
  }

  #scanQuery(buffer: Uint8Array, from: number, stop: number): number {
    let p = from;
    while (p < stop && (((CHAR_CLASS[buffer[p] ?? 0] ?? 0) & TARGET) !== 0 || buffer[p] === BACKSLASH)) p++;
    return p;
  }

  #refuse(position: number, reason: Reason): number {
    this.reason = reason;
    return position;
  }
}

function methodReason(byte: number, first: boolean): Reason {
  if (first && (byte === SP || byte === HTAB || byte === CR || byte === LF)) return 'whitespace-before-start-line';
  if (byte === CR || byte === HTAB) return 'bad-request-line';
  return byte === LF ? 'bare-lf' : 'bad-method';
}

function targetReason(byte: number, first: boolean): Reason {
  if (byte === HASH) return 'target-fragment';
  if (byte === LF) return 'bare-lf';
  if (byte === CR) return first ? 'bad-request-line' : 'http-0-9';
  return first && (byte === SP || byte === HTAB) ? 'bad-request-line' : 'bad-target';
}

function firstVersionReason(byte: number, otherwise: Reason): Reason {
  return byte === SP || byte === HTAB || byte === CR ? 'bad-request-line' : otherwise;
}
