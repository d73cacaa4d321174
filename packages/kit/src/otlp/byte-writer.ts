/** How many bytes a writer begins with: a batch of spans has some 100 KiB. */
const firstBytes = 65_536;

/** Texts this short have a length of one byte, whatever they consist of. */
const shortText = 42;

/**
 * Writes messages of Protocol Buffers, field by field. A tag is the number of the field and the kind of its value as one byte;
 * all fields of OTLP that it is used for have numbers below 16, but one.
 */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;
  /** The second of the last time, and its nanoseconds. */
  #second = { seconds: 0, low: 0, high: 0 };

  /** @param capacityBytes how much to make room for; it grows. Default 64 KiB */
  constructor(capacityBytes: number = firstBytes) {
    this.#bytes = Buffer.allocUnsafe(capacityBytes);
  }

  /** What was written. The writer has done its work. */
  take(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets all that was written after its length was `length`. */
  rewind(length: number): void {
    this.#length = length;
  }

  /** A copy of what was written since its length was `start`. */
  copyFrom(start: number): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(start, this.#length));
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number that is not negative and at most 2^53. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 127) {
      // Not with bit operations, which cut at 32 bits.
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Any safe whole number as int64: negative ones have ten bytes. */
  int64(value: number): void {
    if (value >= 0) return this.varint(value);
    let rest = BigInt.asUintN(64, BigInt(value));
    this.#reserve(10);
    while (rest > 127n) {
      this.#bytes[this.#length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  fixed32(value: number): void {
    this.#reserve(4);
    const bytes = this.#bytes;
    // By hand: Node checks the value and the place once more.
    bytes[this.#length++] = value & 255;
    bytes[this.#length++] = (value >>> 8) & 255;
    bytes[this.#length++] = (value >>> 16) & 255;
    bytes[this.#length++] = value >>> 24;
  }

  /** Milliseconds since the epoch as 64 bits of nanoseconds. */
  fixed64Nanos(ms: number): void {
    const seconds = Math.floor(ms / 1_000);
    // Nearly all are of the same second as the one before.
    if (seconds !== this.#second.seconds) this.#second = { seconds, ...nanosOf(seconds) };
    const low = this.#second.low + Math.round((ms - seconds * 1_000) * 1e6);
    const carry = low < two32 ? 0 : 1;
    this.fixed32(low - carry * two32);
    this.fixed32(this.#second.high + carry);
  }

  /** A whole number that is not negative and at most 2^53. */
  fixed64(value: number): void {
    this.fixed32(value % two32);
    this.fixed32(Math.floor(value / two32));
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /**
   * The bytes of hex digits, after their length.
   *
   * @throws TypeError if they are none
   */
  hex(digits: string): void {
    const count = digits.length / 2;
    this.#reserve(count + 8);
    this.varint(count);
    const bytes = this.#bytes;
    let at = this.#length;
    let bad = 0;
    for (let index = 0; index < digits.length; index += 2) {
      const value =
        ((hexValues[digits.charCodeAt(index)] ?? 256) << 4) | (hexValues[digits.charCodeAt(index + 1)] ?? 256);
      bad |= value;
      bytes[at++] = value;
    }
    if (bad > 255 || digits.length % 2 !== 0) throw new TypeError('these are no hex digits');
    this.#length = at;
  }

  /** A text, after its length. */
  text(text: string): void {
    const { length } = text;
    this.#reserve(length * 3 + 10);
    if (length <= shortText) {
      if (this.#ascii(text)) return;
      const bytes = this.#bytes.write(text, this.#length + 1);
      this.#bytes[this.#length] = bytes;
      this.#length += bytes + 1;
      return;
    }
    this.varint(Buffer.byteLength(text));
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** Writes a short text by hand, which takes a third of what a call into Node takes; false: not all of it is ASCII. */
  #ascii(text: string): boolean {
    const { length } = text;
    const bytes = this.#bytes;
    const start = this.#length + 1;
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 127) return false;
      bytes[start + index] = unit;
    }
    bytes[this.#length] = length;
    this.#length = start + length;
    return true;
  }

  /** The length of everything that `write` writes, before it. */
  nested(write: () => void): void {
    const start = this.open();
    write();
    this.close(start);
  }

  /**
   * Begins a nested message; its length is known when it is closed.
   *
   * @param lengthBytes how many bytes its length probably has: with fewer or more, the message is moved when it is closed
   */
  open(lengthBytes: 1 | 2 = 2): number {
    this.#reserve(lengthBytes);
    this.#length += lengthBytes;
    return this.#length;
  }

  /** Ends the message that `start` began; `reserved` as for `open`. */
  close(start: number, reserved: 1 | 2 = 2): void {
    const size = this.#length - start;
    const lengthBytes = size < 128 ? 1 : size < 16_384 ? 2 : size < 2_097_152 ? 3 : 4;
    const more = lengthBytes - reserved;
    if (more !== 0) {
      this.#reserve(Math.max(0, more));
      this.#bytes.copyWithin(start + more, start, this.#length);
      this.#length += more;
    }
    const bytes = this.#bytes;
    let at = start - reserved;
    for (let rest = size; ; rest >>>= 7) {
      if (rest < 128) {
        bytes[at] = rest;
        return;
      }
      bytes[at++] = (rest & 127) | 128;
    }
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** What each character code stands for as a hex digit; 256 and more: nothing. */
const hexValues = Uint16Array.from({ length: 128 }, (_none, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 256 : value;
});

const two32 = 4_294_967_296;

/** Seconds as nanoseconds in two halves: as one number they would not be exact. */
function nanosOf(seconds: number): { readonly low: number; readonly high: number } {
  const upper = Math.floor(seconds / 65_536) * 1e9;
  const lower = (seconds % 65_536) * 1e9 + (upper % 65_536) * 65_536;
  return { low: lower % two32, high: Math.floor(upper / 65_536) + Math.floor(lower / two32) };
}

/** Milliseconds as a text of nanoseconds, for JSON. */
export function nanosText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(Math.round((ms - seconds * 1_000) * 1e6)));
}
