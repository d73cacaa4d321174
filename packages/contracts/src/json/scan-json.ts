import { isUtf8 } from 'node:buffer';

/** What makes bytes no JSON that may be read. */
export type JsonProblem = 'not-utf-8' | 'not-json' | 'too-deep';

/** What a scan found. */
export type JsonScan =
  /** One complete value. `start` is where it begins: after a byte order mark, which RFC 8259 lets a reader ignore. */
  | { readonly kind: 'value'; readonly start: number }
  /** `at` is the first byte that is wrong; of bytes that are not UTF-8 it is not known. */
  | { readonly kind: 'refused'; readonly problem: JsonProblem; readonly at: number };

/** As deep as JSON that becomes a tree of objects may be nested: more than any document of a service, far less than hurts. */
export const maxTreeDepth = 64;

/**
 * Checks that `bytes` are one JSON value (RFC 8259) in UTF-8, nested no deeper than `maxDepth`. One pass, no recursion,
 * and nothing is built: a megabyte of brackets costs a few milliseconds, where `JSON.parse` would block for many times
 * that and then leave a tree that costs again wherever it is walked.
 */
export function scanJson(bytes: Uint8Array, maxDepth: number): JsonScan {
  if (!isUtf8(bytes)) return { kind: 'refused', problem: 'not-utf-8', at: -1 };
  return new JsonScanner(bytes, maxDepth).scan();
}

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const plus = 0x2b;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const bracketOpen = 0x5b;
const backslash = 0x5c;
const bracketClose = 0x5d;
const braceOpen = 0x7b;
const letterE = 0x65;
const letterU = 0x75;

const words: ReadonlyMap<number, Uint8Array> = new Map(
  ['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]),
);

/** What may stand after a backslash, beside `u`. */
const escapable: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

class JsonScanner {
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  /** The bracket that ends each value that is open, outermost first. */
  readonly #open: number[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, maxDepth: number) {
    this.#bytes = bytes;
    this.#maxDepth = maxDepth;
  }

  scan(): JsonScan {
    const bytes = this.#bytes;
    const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    this.#at = start;
    for (;;) {
      // Here a value is to begin.
      this.#skipSpace();
      const byte = bytes[this.#at];
      if (byte === bracketOpen || byte === braceOpen) {
        if (this.#open.length >= this.#maxDepth) return { kind: 'refused', problem: 'too-deep', at: this.#at };
        this.#at += 1;
        this.#skipSpace();
        const close = byte + 2;
        if (bytes[this.#at] !== close) {
          this.#open.push(close);
          if (byte === braceOpen && !this.#name()) return this.#wrong();
          continue;
        }
        this.#at += 1;
      } else if (!this.#scalar(byte)) return this.#wrong();
      const next = this.#afterValue();
      if (next === 'wrong') return this.#wrong();
      if (next === 'end') return { kind: 'value', start };
    }
  }

  /** After a value: the ends of what it was the last of, then a comma, or the end of all. */
  #afterValue(): 'more' | 'end' | 'wrong' {
    for (;;) {
      this.#skipSpace();
      const close = this.#open.at(-1);
      const byte = this.#bytes[this.#at];
      if (close === undefined) return byte === undefined ? 'end' : 'wrong';
      if (byte !== close && byte !== comma) return 'wrong';
      this.#at += 1;
      if (byte === close) {
        this.#open.pop();
        continue;
      }
      if (close === bracketClose) return 'more';
      this.#skipSpace();
      return this.#name() ? 'more' : 'wrong';
    }
  }

  /** The name of an object's member, with its colon. */
  #name(): boolean {
    if (this.#bytes[this.#at] !== quote || !this.#string()) return false;
    this.#skipSpace();
    if (this.#bytes[this.#at] !== colon) return false;
    this.#at += 1;
    return true;
  }

  #scalar(first: number | undefined): boolean {
    if (first === quote) return this.#string();
    if (first === minus || isDigit(first)) return this.#number();
    const word = first === undefined ? undefined : words.get(first);
    if (word === undefined) return false;
    for (const byte of word) {
      if (this.#bytes[this.#at] !== byte) return false;
      this.#at += 1;
    }
    return true;
  }

  #string(): boolean {
    const bytes = this.#bytes;
    for (let at = this.#at + 1; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        this.#at = at + 1;
        return true;
      }
      if (byte < space) break;
      if (byte !== backslash) continue;
      at += 1;
      const escaped = bytes[at] ?? 0;
      if (escaped === letterU) {
        for (let digit = 1; digit <= 4; digit++) if (!isHexDigit(bytes[at + digit])) return false;
        at += 4;
      } else if (!escapable.has(escaped)) break;
    }
    return false;
  }

  #number(): boolean {
    if (this.#bytes[this.#at] === minus) this.#at += 1;
    const leading = this.#bytes[this.#at];
    const whole = this.#digits();
    if (whole === 0 || (leading === zero && whole > 1)) return false;
    if (this.#bytes[this.#at] === point) {
      this.#at += 1;
      if (this.#digits() === 0) return false;
    }
    if (((this.#bytes[this.#at] ?? 0) | 0x20) === letterE) {
      this.#at += 1;
      const sign = this.#bytes[this.#at];
      if (sign === plus || sign === minus) this.#at += 1;
      if (this.#digits() === 0) return false;
    }
    return true;
  }

  #digits(): number {
    const from = this.#at;
    while (isDigit(this.#bytes[this.#at])) this.#at += 1;
    return this.#at - from;
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== space && byte !== lineFeed && byte !== carriageReturn && byte !== tab) return;
      this.#at += 1;
    }
  }

  #wrong(): JsonScan {
    return { kind: 'refused', problem: 'not-json', at: Math.min(this.#at, this.#bytes.length) };
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
}
