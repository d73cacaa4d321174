/** So many lines are kept for whoever comes later: those of a start. */
const maxHeld = 1_000;

/**
 * Passes on the lines of a log, to one taker at a time. A program logs before it can send anything, so lines without a taker are kept
 * for the first, up to a bound.
 */
export class LineTap {
  #held: string[] = [];
  #take: ((line: string) => void) | undefined;
  #ended = false;

  /** Gives a line to the tap; for `createLogger`. */
  readonly put = (line: string): void => {
    if (this.#take !== undefined) this.#take(line);
    else if (!this.#ended && this.#held.length < maxHeld) this.#held.push(line);
  };

  /** Passes every line to `take` from now on, first those that were kept. */
  open(take: (line: string) => void): void {
    const held = this.#held;
    this.#held = [];
    this.#take = take;
    for (const line of held) take(line);
  }

  /** Lines go nowhere from now on. */
  close(): void {
    this.#ended = true;
    this.#take = undefined;
    this.#held = [];
  }
}
