import { CHAR_CLASS, CR, HTAB, LF, SP, TOKEN, VALUE } from '../bytes/char-class.ts';
import type { Reason } from '../reasons/reasons.ts';
import { idOfCode, nameCode, TRANSFER_ENCODING_ID } from './field-names.ts';
import type { Limits } from './limits.ts';

const COLON = 0x3a;
const UNDERSCORE = 0x5f;

// Where the scanner stands in the section; each state looks at one byte without looking ahead, so that any split of the
// input gives the same result.
const LINE_START = 0;
const NAME = 1;
const BEFORE_VALUE = 2;
const IN_VALUE = 3;
const LINE_LF = 4;
const LAST_LF = 5;
const DONE = 6;

/** Numbers kept per field in `spans`: name start, name end, value start, value end, name code. */
export const SPAN = 5;
/** Room for the fields of most heads; every idle connection pays for it, so it grows only where needed. */
const FIRST_FIELDS = 24;

/**
 * Reads a section of field lines up to its empty line (RFC 9112 section 5) and notes where each name and value is.
 * All positions are relative to `base`, so the bytes may move between two calls.
 */
export class FieldScanner {
  /** Why the section was refused, once it was. */
  reason: Reason | undefined;
  /** Fields read so far, those to be dropped not counted. */
  count = 0;
  /** A tab stands beside a transfer coding: allowed by the grammar, but a known way to hide the coding from some parsers. */
  tabInCoding = false;
  spans: Int32Array;
  readonly #limits: Limits;
  readonly #forbidden: Uint8Array | undefined;
  #state = LINE_START;
  #lines = 0;
  #lineStart = 0;
  #nameEnd = 0;
  #valueStart = 0;
  #code = 0;
  /** The field being read will not be noted. */
  #dropped = false;

  /** `forbidden[id] === 1`: a name that means nothing in this section; its line is checked and dropped. */
  constructor(limits: Limits, forbidden?: Uint8Array) {
    this.#limits = limits;
    this.#forbidden = forbidden;
    this.spans = new Int32Array(Math.min(limits.maxFields, FIRST_FIELDS) * SPAN);
  }

  get done(): boolean {
    return this.#state === DONE;
  }

  reset(): void {
    this.reason = undefined;
    this.count = 0;
    this.#state = LINE_START;
    this.#lines = 0;
    this.tabInCoding = false;
    this.#dropped = false;
  }

  /**
   * Reads on at `from` and returns the position after the last byte it took. Then either `done` is true, or `reason` is
   * set, or all bytes up to `end` were taken and more are needed.
   */
  scan(buffer: Uint8Array, base: number, from: number, end: number): number {
    const maxLine = this.#limits.maxFieldLineBytes + 1;
    let p = from;
    let state = this.#state;
    let lineStart = base + this.#lineStart;
    let stop = Math.min(end, lineStart + maxLine);
    while (p < end) {
      const byte = buffer[p] ?? 0;
      if (state === LINE_START) {
        if (((CHAR_CLASS[byte] ?? 0) & TOKEN) !== 0 || byte === UNDERSCORE) {
          lineStart = p;
          stop = Math.min(end, p + maxLine);
          state = NAME;
        } else if (byte === CR) {
          p++;
          state = LAST_LF;
          continue;
        } else return this.#refuse(p, this.#lineStartReason(byte));
      }
      if (state === NAME) {
        while (p < stop && ((CHAR_CLASS[buffer[p] ?? 0] ?? 0) & TOKEN) !== 0) p++;
        if (p === stop) {
          if (p - lineStart === maxLine) return this.#refuse(p, 'field-line-too-long');
          break;
        }
        const after = buffer[p] ?? 0;
        if (after === UNDERSCORE) {
          if (this.#limits.underscores === 'reject') return this.#refuse(p, 'underscore-in-field-name');
          if (this.#limits.underscores === 'drop') this.#dropped = true;
          p++;
          continue;
        }
        if (after !== COLON) return this.#refuse(p, afterNameReason(after));
        this.#nameEnd = p - base;
        this.#code = nameCode(buffer, lineStart, p);
        if (this.#forbidden?.[idOfCode(this.#code)] === 1) this.#dropped = true;
        p++;
        state = BEFORE_VALUE;
      }
      if (state === BEFORE_VALUE) {
        while (p < stop && (buffer[p] === SP || buffer[p] === HTAB)) p++;
        if (p === stop) {
          if (p - lineStart === maxLine) return this.#refuse(p, 'field-line-too-long');
          break;
        }
        this.#valueStart = p - base;
        state = IN_VALUE;
      }
      if (state === IN_VALUE) {
        while (p < stop && ((CHAR_CLASS[buffer[p] ?? 0] ?? 0) & VALUE) !== 0) p++;
        if (p === stop) {
          if (p - lineStart === maxLine) return this.#refuse(p, 'field-line-too-long');
          break;
        }
        const after = buffer[p] ?? 0;
        if (after !== CR) return this.#refuse(p, after === LF ? 'bare-lf' : 'bad-field-value');
        if (idOfCode(this.#code) === TRANSFER_ENCODING_ID) this.tabInCoding ||= hasTab(buffer, base + this.#nameEnd, p);
        if (++this.#lines > this.#limits.maxFields) return this.#refuse(p, 'too-many-fields');
        if (this.#dropped) this.#dropped = false;
        else this.#note(buffer, base, lineStart, p);
        p++;
        state = LINE_LF;
        continue;
      }
      // LINE_LF or LAST_LF
      if (byte !== LF) return this.#refuse(p, 'bare-cr');
      p++;
      if (state === LAST_LF) {
        state = DONE;
        break;
      }
      state = LINE_START;
    }
    this.#state = state;
    this.#lineStart = lineStart - base;
    return p;
  }

  /** Writes down the field whose line ends at `lineEnd`, without the white space after the value. */
  #note(buffer: Uint8Array, base: number, lineStart: number, lineEnd: number): void {
    const valueStart = base + this.#valueStart;
    let valueEnd = lineEnd;
    while (valueEnd > valueStart && (buffer[valueEnd - 1] === SP || buffer[valueEnd - 1] === HTAB)) valueEnd--;
    const at = this.count * SPAN;
    if (at === this.spans.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.spans);
      this.spans = larger;
    }
    const { spans } = this;
    spans[at] = lineStart - base;
    spans[at + 1] = this.#nameEnd;
    spans[at + 2] = this.#valueStart;
    spans[at + 3] = valueEnd - base;
    spans[at + 4] = this.#code;
    this.count++;
  }

  #refuse(position: number, reason: Reason): number {
    this.reason = reason;
    return position;
  }

  #lineStartReason(byte: number): Reason {
    if (byte === SP || byte === HTAB) return this.#lines === 0 ? 'whitespace-before-first-field' : 'obs-fold';
    if (byte === COLON) return 'empty-field-name';
    return byte === LF ? 'bare-lf' : 'bad-field-name';
  }
}

function afterNameReason(byte: number): Reason {
  if (byte === SP || byte === HTAB) return 'space-before-colon';
  if (byte === CR) return 'missing-colon';
  return byte === LF ? 'bare-lf' : 'bad-field-name';
}

function hasTab(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buffer[i] === HTAB) return true;
  return false;
}
