/** What nearly every answer fits in; shared, since each read is dealt with before the next begins. */
const sharedBytes = 65_536;
/** Long bodies move in larger pieces: a third less work for the same bytes. */
const ownBytes = 262_144;
/** A body of which so much has come is worth it. */
const longBodyBytes = 131_072;
/** Connections that read into memory of their own at the same time: 16 MiB at most. The others go on with the shared one. */
const maxOwn = 64;
/** Pieces kept for the next long body; more would only hold memory after a rush. */
const freeKept = 4;

/**
 * The memory that upstream connections read into. All share one piece, of which a receiver has to copy what it keeps. A
 * connection that carries a long body borrows a piece of its own, so that nothing of it is copied.
 */
export class ReadMemory {
  readonly shared: Buffer = Buffer.allocUnsafeSlow(sharedBytes);
  readonly #free: Buffer[] = [];
  #borrowed = 0;

  /** Pieces lent at the moment. For leak tests. */
  get borrowed(): number {
    return this.#borrowed;
  }

  /**
   * What a connection should go on with that has read so much of a body into the shared piece: one for it alone when
   * the body is long and not too many are lent.
   */
  forMore(receivedBytes: number): Buffer {
    if (receivedBytes < longBodyBytes || this.#borrowed >= maxOwn) return this.shared;
    this.#borrowed += 1;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(ownBytes);
  }

  /** The same connection goes on with another piece: a receiver still needs `piece`, which is its own from now on. */
  replace(piece: Buffer): Buffer {
    return piece === this.shared ? piece : (this.#free.pop() ?? Buffer.allocUnsafeSlow(ownBytes));
  }

  /** The body is over: the connection goes on with the shared piece. */
  giveBack(piece: Buffer): Buffer {
    if (piece === this.shared) return piece;
    this.#borrowed -= 1;
    if (this.#free.length < freeKept) this.#free.push(piece);
    return this.shared;
  }
}
