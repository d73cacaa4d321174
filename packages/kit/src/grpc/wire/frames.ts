import { AppError } from '@flotilla/contracts';
import type { Decompress } from './compression.ts';

/** A message's prefix on the wire: a flag, and its length in four bytes. */
const prefixBytes = 5;

/** A view of no bytes would still hold what it is a view of. */
const nothing: Buffer = Buffer.alloc(0);

/** `message` with its prefix, which says whether it is compressed. */
export function frameOf(message: Uint8Array, compressed = false): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + message.length);
  frame[0] = compressed ? 1 : 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixBytes);
  return frame;
}

/** Finds the messages in the bytes of a stream, however they are cut. */
export class FrameReader {
  readonly #limitBytes: number;
  readonly #decompress: Decompress;
  /** What has arrived and is in no complete message yet, and room for more. */
  #kept = nothing;
  #bytes = 0;
  /** The bytes of the frame that is arriving, with its prefix; 0 until the prefix is there. */
  #wanted = 0;

  /** @param limitBytes the largest message that is accepted, also after decompression */
  constructor(limitBytes: number, decompress: Decompress) {
    this.#limitBytes = limitBytes;
    this.#decompress = decompress;
  }

  /** Whether a message has arrived in part. */
  get isInMessage(): boolean {
    return this.#bytes > 0;
  }

  /**
   * The messages that `chunk` completes.
   *
   * @throws {AppError} PAYLOAD_TOO_LARGE as soon as a prefix announces too much; NOT_IMPLEMENTED for a message
   * that is compressed, if the call has not said how; INVALID_REQUEST for one that is not compressed as it says
   */
  push(chunk: Buffer): readonly Buffer[] {
    this.#keep(chunk);
    const messages: Buffer[] = [];
    for (;;) {
      if (this.#wanted === 0) {
        if (this.#bytes < prefixBytes) return messages;
        this.#wanted = prefixBytes + this.#lengthIn(this.#kept);
      }
      if (this.#bytes < this.#wanted) return messages;
      const sent = this.#kept.subarray(prefixBytes, this.#wanted);
      messages.push(this.#kept[0] === 1 ? this.#decompress(sent, this.#limitBytes) : sent);
      // Without the room behind it: the message may still be read where it is.
      this.#kept = this.#bytes === this.#wanted ? nothing : this.#kept.subarray(this.#wanted, this.#bytes);
      this.#bytes = this.#kept.length;
      this.#wanted = 0;
    }
  }

  /** Copies what comes in parts into one place: a list of parts of one byte each would take a hundred times their size. */
  #keep(chunk: Buffer): void {
    const bytes = this.#bytes + chunk.length;
    if (this.#bytes === 0) this.#kept = chunk;
    else {
      if (bytes > this.#kept.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.#bytes));
        this.#kept.copy(grown, 0, 0, this.#bytes);
        this.#kept = grown;
      }
      chunk.copy(this.#kept, this.#bytes);
    }
    this.#bytes = bytes;
  }

  #lengthIn(prefix: Buffer): number {
    if ((prefix[0] ?? 0) > 1)
      throw new AppError('INVALID_REQUEST', { detail: 'A message begins with a byte other than 0 and 1.' });
    const length = prefix.readUInt32BE(1);
    if (length > this.#limitBytes)
      throw new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes: this.#limitBytes } });
    return length;
  }
}
