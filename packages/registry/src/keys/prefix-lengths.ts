/**
 * Which lengths the prefixes of a table have, so that those of a text are found by as many look-ups as there are lengths, and
 * not by as many as there are prefixes.
 */
export class PrefixLengths {
  readonly #counts = new Map<number, number>();

  add(prefix: string): void {
    this.#counts.set(prefix.length, (this.#counts.get(prefix.length) ?? 0) + 1);
  }

  remove(prefix: string): void {
    const left = (this.#counts.get(prefix.length) ?? 0) - 1;
    if (left > 0) this.#counts.set(prefix.length, left);
    else this.#counts.delete(prefix.length);
  }

  clear(): void {
    this.#counts.clear();
  }

  /** What `text` begins with that may be in the table. */
  *of(text: string): Generator<string, void, void> {
    for (const length of this.#counts.keys()) if (length <= text.length) yield text.slice(0, length);
  }
}
