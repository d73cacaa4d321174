const FIRST_SIZE_BYTES = 1024;

/**
 * Keeps the beginning of a head or trailer section that came in pieces. It is bounded by what the caller puts in and
 * gives its memory back with `clear`.
 */
export class ByteStore {
  /** The kept bytes are `buffer[0..length)`. */
  buffer: Buffer = EMPTY;
  length = 0;

  append(chunk: Uint8Array, start: number, end: number): void {
    const needed = this.length + (end - start);
    if (needed > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(FIRST_SIZE_BYTES, needed, this.buffer.length * 2));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    // A plain loop beats a view and a native copy for the few bytes that slow senders bring.
    if (end - start < 16) for (let i = start; i < end; i++) this.buffer[this.length + i - start] = chunk[i] ?? 0;
    else this.buffer.set(chunk.subarray(start, end), this.length);
    this.length = needed;
  }

  clear(): void {
    this.buffer = EMPTY;
    this.length = 0;
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
