import { BACKSLASH, CHAR_CLASS, CR, HEX, HTAB, hexValue, LF, QUOTED, SP, TOKEN, VALUE } from '../bytes/char-class.ts';
import type { Reason } from '../reasons/reasons.ts';

const SIZE_START = 0;
const SIZE = 1;
const EXT_NAME_START = 2;
const EXT_NAME = 3;
const EXT_VALUE_START = 4;
const EXT_VALUE = 5;
const EXT_QUOTED = 6;
const EXT_ESCAPE = 7;
const EXT_QUOTED_END = 8;
const SIZE_BLANK = 9;
const EXT_NAME_BLANK = 10;
const EXT_BLANK = 11;
const LINE_LF = 12;
const DONE = 13;

const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const UNDERSCORE = 0x5f;
const MAX_DIGITS = 15;

/**
 * Reads `chunk-size [chunk-ext] CRLF` (RFC 9112 section 7.1). Extensions are checked against their grammar, counted and
 * dropped. Blanks after the size and around the parts of an extension are read past in responses, as everybody does who does
 * not refuse them: some servers pad the size with them. No client does, so in requests they are refused.
 */
export class ChunkScanner {
  reason: Reason | undefined;
  /** The size of the chunk once `done` is true. 0: the last one. */
  size = 0;
  readonly #maxExtensionBytes: number;
  readonly #blanks: boolean;
  #state = SIZE_START;
  #digits = 0;
  #extensionBytes = 0;

  /** @param blanks whether blanks may stand after the size and around the parts of an extension */
  constructor(maxExtensionBytes: number, blanks: boolean) {
    this.#maxExtensionBytes = maxExtensionBytes;
    this.#blanks = blanks;
  }

  get done(): boolean {
    return this.#state === DONE;
  }

  /** Ready for the next chunk of the same body: the budget for extensions goes on. */
  next(): void {
    this.#state = SIZE_START;
    this.size = 0;
    this.#digits = 0;
  }

  /** Ready for another body. */
  reset(): void {
    this.reason = undefined;
    this.#extensionBytes = 0;
    this.next();
  }

  /** Reads on at `from` and returns the position after the last byte it took. */
  scan(buffer: Uint8Array, from: number, end: number): number {
    for (let p = from; p < end; p++) {
      const byte = buffer[p] ?? 0;
      const state = this.#state;
      if (state >= EXT_NAME_START && state < LINE_LF && byte !== CR && byte !== LF) {
        if (++this.#extensionBytes > this.#maxExtensionBytes) return this.#refuse(p, 'chunk-extensions-too-large');
      }
      const reason = this.#step(state, byte);
      if (reason !== undefined) return this.#refuse(p, reason);
      if (this.#state === DONE) return p + 1;
    }
    return end;
  }

  #step(state: number, byte: number): Reason | undefined {
    switch (state) {
      case SIZE_START:
      case SIZE:
        if (((CHAR_CLASS[byte] ?? 0) & HEX) !== 0) return this.#digit(byte);
        if (state === SIZE) return this.#afterPart(byte, 'bad-chunk-size', SIZE_BLANK);
        return byte === LF ? 'bare-lf' : 'bad-chunk-size';
      case SIZE_BLANK:
        return this.#afterPart(byte, 'bad-chunk-size', SIZE_BLANK);
      case EXT_NAME_START:
        if (this.#isBlank(byte)) return undefined;
        this.#state = EXT_NAME;
        return isTokenByte(byte) ? undefined : badExtension(byte);
      case EXT_NAME:
      case EXT_NAME_BLANK:
        if (state === EXT_NAME && isTokenByte(byte)) return undefined;
        if (byte !== EQUALS) return this.#afterPart(byte, 'bad-chunk-extension', EXT_NAME_BLANK);
        this.#state = EXT_VALUE_START;
        return undefined;
      case EXT_VALUE_START:
        if (this.#isBlank(byte)) return undefined;
        this.#state = byte === QUOTE ? EXT_QUOTED : EXT_VALUE;
        return byte === QUOTE || isTokenByte(byte) ? undefined : badExtension(byte);
      case EXT_VALUE:
        return isTokenByte(byte) ? undefined : this.#afterPart(byte, 'bad-chunk-extension', EXT_BLANK);
      case EXT_QUOTED:
        if (byte === QUOTE) this.#state = EXT_QUOTED_END;
        else if (byte === BACKSLASH) this.#state = EXT_ESCAPE;
        else if (((CHAR_CLASS[byte] ?? 0) & QUOTED) === 0) return badExtension(byte);
        return undefined;
      case EXT_ESCAPE:
        this.#state = EXT_QUOTED;
        return ((CHAR_CLASS[byte] ?? 0) & VALUE) !== 0 ? undefined : badExtension(byte);
      case EXT_QUOTED_END:
      case EXT_BLANK:
        return this.#afterPart(byte, 'bad-chunk-extension', EXT_BLANK);
      default:
        this.#state = DONE;
        return byte === LF ? undefined : 'bare-cr';
    }
  }

  #digit(byte: number): Reason | undefined {
    this.#state = SIZE;
    if (++this.#digits > MAX_DIGITS) return 'chunk-size-too-long';
    this.size = this.size * 16 + hexValue(byte);
    return this.size > Number.MAX_SAFE_INTEGER ? 'chunk-size-overflow' : undefined;
  }

  /** What may follow a complete part: the line end or another extension. Between two tokens a blank is none: `a b`. */
  #afterPart(byte: number, otherwise: Reason, blank: number): Reason | undefined {
    if (byte === CR) this.#state = LINE_LF;
    else if (byte === SEMICOLON) this.#state = EXT_NAME_START;
    else if (this.#isBlank(byte)) this.#state = blank;
    else return byte === LF ? 'bare-lf' : otherwise;
    return undefined;
  }

  #isBlank(byte: number): boolean {
    return this.#blanks && (byte === SP || byte === HTAB);
  }

  #refuse(position: number, reason: Reason): number {
    this.reason = reason;
    return position;
  }
}

function isTokenByte(byte: number): boolean {
  return ((CHAR_CLASS[byte] ?? 0) & TOKEN) !== 0 || byte === UNDERSCORE;
}

function badExtension(byte: number): Reason {
  return byte === LF ? 'bare-lf' : 'bad-chunk-extension';
}
