/** What nearly every answer fits in; shared, since each read is dealt with before the next begins. */
const sharedBytes = 65_536;
/** Long bodies move in larger pieces: a third less work for the same bytes. */
const ownBytes = 262_144;
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

  /** A piece for one connection alone, or the shared one when too many are lent. */
  borrow(): Buffer {
    if (this.#borrowed >= maxOwn) return this.shared;
    this.#borrowed += 1;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(ownBytes);
  }

  /** The same connection goes on with another piece: a receiver still needs `piece`, which is its own from now on. */
  replace(piece: Buffer): Buffer {
    return piece === this.shared ? piece : (this.#free.pop() ?? Buffer.allocUnsafeSlow(ownBytes));
  }

  /** The long body is over. */
  giveBack(piece: Buffer): void {
    if (piece === this.shared) return;
    this.#borrowed -= 1;
    if (this.#free.length < freeKept) this.#free.push(piece);
  }
}
