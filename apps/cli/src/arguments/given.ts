/** The words and options after a verb. */
export class Given {
  readonly words: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(words: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.words = words;
    this.#values = values;
  }

  has(flag: string): boolean {
    return this.#values.has(flag);
  }

  /** The last value of the option; undefined if it was not given. */
  value(flag: string): string | undefined {
    return this.#values.get(flag)?.at(-1);
  }

  /** The values of all occurrences of the option. */
  all(flag: string): readonly string[] {
    return this.#values.get(flag) ?? [];
  }

  /** The comma-separated values of all occurrences of the option. */
  list(flag: string): readonly string[] {
    return this.all(flag).flatMap((value) => value.split(',').map((part) => part.trim()));
  }
}
