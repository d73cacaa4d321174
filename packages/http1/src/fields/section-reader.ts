import { ByteStore } from '../bytes/byte-store.ts';
import { latin1 } from '../bytes/latin1.ts';
import type { Reason } from '../reasons/reasons.ts';
import { FieldScanner } from './field-scanner.ts';
import type { Limits } from './limits.ts';

/** Reads the line before the fields of a head; positions are relative to `base`, as in FieldScanner. */
export interface LineScanner {
  readonly done: boolean;
  readonly reason: Reason | undefined;
  reset(): void;
  scan(buffer: Uint8Array, base: number, from: number, end: number): number;
}

export type SectionState = 'need-more' | 'done' | 'rejected';

/**
 * Finds the end of a start line with its fields, or of a trailer section. A section that lies in one chunk is read where
 * it is. Only one that arrives in pieces is copied together, up to the limit; no byte is looked at twice.
 */
export class SectionReader {
  state: SectionState = 'need-more';
  reason: Reason | undefined;
  /** The whole section once `state` is `done`; the positions of the scanners point into it. */
  text = '';
  readonly fields: FieldScanner;
  readonly #line: LineScanner | undefined;
  readonly #maxBytes: number;
  readonly #tooLarge: Reason;
  readonly #store = new ByteStore();

  constructor(limits: Limits, maxBytes: number, tooLarge: Reason, line?: LineScanner, forbidden?: Uint8Array) {
    this.fields = new FieldScanner(limits, forbidden);
    this.#maxBytes = maxBytes;
    this.#tooLarge = tooLarge;
    this.#line = line;
  }

  reset(): void {
    this.state = 'need-more';
    this.reason = undefined;
    this.text = '';
    this.fields.reset();
    this.#line?.reset();
    if (this.#store.length > 0) this.#store.clear();
  }

  /** Takes bytes of `chunk[start..end)` and returns how many; what follows the section stays with the caller. */
  push(chunk: Buffer, start: number, end: number): number {
    if (this.state !== 'need-more') return 0;
    const store = this.#store;
    const kept = store.length;
    if (kept === 0) {
      const stop = Math.min(end, start + this.#maxBytes);
      const taken = this.#scan(chunk, start, start, stop) - start;
      if (this.state === 'need-more') store.append(chunk, start, stop);
      return taken;
    }
    store.append(chunk, start, Math.min(end, start + this.#maxBytes - kept));
    const taken = this.#scan(store.buffer, 0, kept, store.length) - kept;
    if (this.state !== 'need-more') store.clear();
    return taken;
  }

  #scan(buffer: Buffer, base: number, from: number, end: number): number {
    let p = from;
    const line = this.#line;
    if (line !== undefined && !line.done) {
      p = line.scan(buffer, base, p, end);
      if (line.reason !== undefined) return this.#refuse(p, line.reason);
    }
    const { fields } = this;
    if (line === undefined || line.done) {
      p = fields.scan(buffer, base, p, end);
      if (fields.reason !== undefined) return this.#refuse(p, fields.reason);
    }
    if (fields.done) {
      this.text = latin1(buffer, base, p);
      this.state = 'done';
    } else if (p - base >= this.#maxBytes) return this.#refuse(p, this.#tooLarge);
    return p;
  }

  #refuse(position: number, reason: Reason): number {
    this.reason = reason;
    this.state = 'rejected';
    return position;
  }
}
