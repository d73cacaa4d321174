/**
 * Which bytes may stand where, as one table of bit sets: one load and one AND per byte of a message.
 *
 * The bits follow RFC 9110 section 5.6.2 (token), RFC 9110 section 5.5 (field value), RFC 3986 (host) and the URL Standard
 * (target).
 */

/** A byte of a token, except `_`, which the parsers look at apart (see the `underscores` option). */
export const TOKEN = 1;
/** A byte of a field value or reason phrase: HTAB, SP, VCHAR and obs-text (0x80 to 0xff, relayed byte for byte). */
export const VALUE = 2;
/**
 * A byte of a request target: every visible ASCII character but `#` and the backslash. More than RFC 3986 has, since the URL
 * Standard leaves `|`, `^`, braces and backticks as they are in places. A backslash may stand in a query.
 */
export const TARGET = 4;
/** A byte of a registered name in `Host`: letters, digits, `-`, `.`, `_` and `~`. */
export const HOST = 8;
/** A hexadecimal digit. */
export const HEX = 16;
/** A decimal digit. */
export const DIGIT = 32;
/** A byte inside a quoted string that stands for itself (no `"`, no backslash). */
export const QUOTED = 64;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

function classes(): Uint8Array {
  const table = new Uint8Array(256);
  const mark = (characters: string, bit: number): void => {
    for (let i = 0; i < characters.length; i++) {
      const code = characters.charCodeAt(i);
      table[code] = (table[code] ?? 0) | bit;
    }
  };
  mark(`${LETTERS}${DIGITS}!#$%&'*+-.^\`|~`, TOKEN);
  mark(`${LETTERS}${DIGITS}!"$%&'()*+,-./:;<=>?@[]^_\`{|}~`, TARGET);
  mark(`${LETTERS}${DIGITS}-._~`, HOST);
  mark(`${DIGITS}abcdefABCDEF`, HEX);
  mark(DIGITS, DIGIT);
  mark('\t', VALUE | QUOTED);
  for (let code = 0x20; code <= 0xff; code++) {
    if (code === 0x7f) continue;
    mark(String.fromCharCode(code), code === 0x22 || code === 0x5c ? VALUE : VALUE | QUOTED);
  }
  return table;
}

/** The bit set of every byte value. Read only. */
export const CHAR_CLASS: Uint8Array = classes();

/** The bit set of a UTF-16 code unit of a string: none for what does not fit into one byte. */
export function charClass(code: number): number {
  return code < 256 ? (CHAR_CLASS[code] ?? 0) : 0;
}

/** The value of a hexadecimal digit; call it only for bytes with the `HEX` bit. */
export function hexValue(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const QUESTION_MARK = 0x3f;
export const BACKSLASH = 0x5c;
