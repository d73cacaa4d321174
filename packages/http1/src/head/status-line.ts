import { CHAR_CLASS, CR, DIGIT, LF, SP, VALUE } from '../bytes/char-class.ts';
import type { LineScanner } from '../fields/section-reader.ts';
import type { Reason } from '../reasons/reasons.ts';
import { VERSION_BYTES, versionByteReason, ZERO } from './version.ts';

const VERSION = 0;
const VERSION_SP = 1;
const STATUS = 2;
const STATUS_SP = 3;
const REASON = 4;
const LINE_LF = 5;
const DONE = 6;

/**
 * Reads `HTTP/1.x SP status SP [reason] CRLF` (RFC 9112 section 4). Without a reason the space before it may be missing too:
 * many servers write it so, and every client reads it.
 */
export class StatusLineScanner implements LineScanner {
  reason: Reason | undefined;
  minor: 0 | 1 = 1;
  status = 0;
  reasonStart = 0;
  reasonEnd = 0;
  #state = VERSION;
  #at = 0;

  get done(): boolean {
    return this.#state === DONE;
  }

  reset(): void {
    this.reason = undefined;
    this.status = 0;
    this.#state = VERSION;
    this.#at = 0;
  }

  scan(buffer: Uint8Array, base: number, from: number, end: number): number {
    let p = from;
    while (p < end && this.#state < REASON) {
      const reason = this.#beginning(buffer[p] ?? 0);
      if (reason !== undefined) return this.#refuse(p, reason);
      p++;
      if (this.#state < REASON) continue;
      this.reasonStart = p - base;
      this.reasonEnd = p - base;
    }
    if (this.#state === REASON) {
      while (p < end && ((CHAR_CLASS[buffer[p] ?? 0] ?? 0) & VALUE) !== 0) p++;
      if (p === end) return p;
      if (buffer[p] !== CR) return this.#refuse(p, buffer[p] === LF ? 'bare-lf' : 'bad-reason-phrase');
      this.reasonEnd = p - base;
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

  /** Takes one byte of version and status code. */
  #beginning(byte: number): Reason | undefined {
    switch (this.#state) {
      case VERSION: {
        const reason = versionByteReason(this.#at, byte);
        if (reason !== undefined) {
          return this.#at === 0 && (byte === SP || byte === CR || byte === LF)
            ? 'whitespace-before-start-line'
            : reason;
        }
        this.minor = byte === ZERO ? 0 : 1;
        if (++this.#at === VERSION_BYTES) this.#state = VERSION_SP;
        return undefined;
      }
      case VERSION_SP:
        this.#at = 0;
        this.#state = STATUS;
        return byte === SP ? undefined : byte === LF ? 'bare-lf' : 'bad-status-line';
      case STATUS:
        if (((CHAR_CLASS[byte] ?? 0) & DIGIT) === 0) return byte === LF ? 'bare-lf' : 'bad-status-line';
        this.status = this.status * 10 + byte - ZERO;
        if (++this.#at < 3) return undefined;
        this.#state = STATUS_SP;
        return this.status < 100 || this.status > 599 ? 'bad-status' : undefined;
      default:
        this.#state = byte === CR ? LINE_LF : REASON;
        if (byte === CR) return undefined;
        return byte === SP ? undefined : byte === LF ? 'bare-lf' : 'bad-status-line';
    }
  }

  #refuse(position: number, reason: Reason): number {
    this.reason = reason;
    return position;
  }
}
