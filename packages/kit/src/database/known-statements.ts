/** More different statements than this hold values, which are not worth remembering. */
const maxKnown = 500;
/** Longer statements insert many rows at once: few are like another. */
const longestKnown = 2_000;

/** Remembers what was found out about each statement: a program has few, and runs them often. */
export class KnownStatements<Known> {
  readonly #learn: (sql: string) => Known;
  readonly #known = new Map<string, Known>();

  /** `learn` finds it out. */
  constructor(learn: (sql: string) => Known) {
    this.#learn = learn;
  }

  of(sql: string): Known {
    const known = this.#known.get(sql);
    if (known !== undefined) return known;
    const learned = this.#learn(sql);
    if (sql.length > longestKnown) return learned;
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(sql, learned);
    return learned;
  }
}
