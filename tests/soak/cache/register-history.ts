/** What reads must find of one value that only grows, from when writes were acknowledged and what other reads have found. */
export class RegisterHistory {
  #started = 0;
  #acknowledged = 0;
  /** The newest value that a read has found, once that read had ended. */
  #seen = 0;
  readonly findings: string[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** The value of a write that begins now. One write at a time. */
  beginWrite(): number {
    this.#started += 1;
    return this.#started;
  }

  acknowledge(value: number): void {
    this.#acknowledged = value;
  }

  /**
   * Begins a read; the function is to be called with what it found.
   *
   * @returns whether it found something older than another read that had ended before: not promised while Redis fails
   */
  beginRead(reader: string): (value: number | undefined) => boolean {
    const least = this.#acknowledged;
    const seen = this.#seen;
    return (value = 0) => {
      if (value < least)
        this.findings.push(`${reader} read ${value} of ${this.#name}, but ${least} was acknowledged before`);
      if (value > this.#started) this.findings.push(`${reader} read ${value} of ${this.#name}, which nobody wrote`);
      this.#seen = Math.max(this.#seen, value);
      return value < seen;
    };
  }
}
