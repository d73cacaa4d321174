/**
 * A long wait in pieces, each twice as long as the one before: a silence is looked into early, and a long one seldom.
 */
export class PatientWait {
  #leftMs = 0;
  #pieceMs = 0;

  /** Begins to wait for `totalMs` and returns the first piece of it. */
  begin(totalMs: number, firstMs: number): number {
    this.#pieceMs = firstMs;
    this.#leftMs = totalMs;
    return this.#take();
  }

  /** Whether only a piece is over, and not the whole. */
  get goesOn(): boolean {
    return this.#leftMs > 0;
  }

  /** The next piece. */
  next(): number {
    this.#pieceMs *= 2;
    return this.#take();
  }

  #take(): number {
    const piece = Math.min(this.#pieceMs, this.#leftMs);
    this.#leftMs -= piece;
    return piece;
  }
}
