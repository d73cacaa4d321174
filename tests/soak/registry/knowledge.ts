/** What a thing holds: the text that was written last, or nothing. */
export type Content = string | undefined;

/** What is known of one thing that is written to. One writer writes to it, one write after the other. */
interface Known {
  /** What the last answered write has made of it. */
  certain: Content;
  /** What a write whose answer never came may have made of it. */
  possible: { readonly content: Content } | undefined;
}

/** What went wrong, in a sentence. */
export type Finding = string;

/**
 * What writers know of a registry: what has been acknowledged to them, and what may have happened besides. Whatever it says
 * later has to fit.
 */
export class Knowledge {
  readonly findings: Finding[] = [];
  readonly #things = new Map<string, Known>();
  /** What each thing held at each revision that anybody has seen. */
  readonly #contents = new Map<string, Content>();
  readonly #numbers = new Set<number>();
  #highest = 0;
  #acknowledged = 0;
  #unanswered = 0;

  /** How many writes were acknowledged, and how many were never answered. */
  get counts(): { readonly acknowledged: number; readonly unanswered: number } {
    return { acknowledged: this.#acknowledged, unanswered: this.#unanswered };
  }

  /** The highest revision that anybody has seen. */
  get highest(): number {
    return this.#highest;
  }

  get things(): readonly string[] {
    return [...this.#things.keys()];
  }

  /** A write begins. Returns what to call with the revision when it is acknowledged. */
  write(thing: string, content: Content): (revision: number) => void {
    const known = this.#known(thing);
    const before = this.#highest;
    known.possible = { content };
    this.#unanswered += 1;
    return (revision) => {
      known.certain = content;
      known.possible = undefined;
      this.#unanswered -= 1;
      this.#acknowledged += 1;
      if (revision <= before)
        this.findings.push(`${thing} was written at revision ${revision}, though ${before} had been seen before`);
      if (content !== undefined) this.seen(thing, content, revision);
    };
  }

  /** Somebody has been told that a thing holds something. What may have been written and is seen has been written. */
  seen(thing: string, content: Content, revision: number): void {
    this.#highest = Math.max(this.#highest, revision);
    const place = `${thing}@${revision}`;
    if (this.#contents.has(place) && this.#contents.get(place) !== content)
      this.findings.push(`revision ${revision} was used twice: ${thing} held two different things at it`);
    this.#contents.set(place, content);
    const known = this.#things.get(thing);
    if (known?.possible?.content !== content || known?.possible === undefined) return;
    known.certain = content;
  }

  /** Somebody was told that it has counted to a number: nobody else may be. */
  counted(number: number): void {
    this.#acknowledged += 1;
    if (this.#numbers.has(number)) this.findings.push(`two writers were told that they had counted to ${number}`);
    this.#numbers.add(number);
  }

  /** Compares the counter with what was told of it. */
  compareCounter(found: number): void {
    const highest = Math.max(0, ...this.#numbers);
    if (found < highest) this.findings.push(`the counter was lost: it is at ${found}, and ${highest} was acknowledged`);
  }

  /** Compares a thing with what it holds after a crash. From then on that is certain. */
  compare(thing: string, found: Content, revision: number): void {
    const known = this.#known(thing);
    const fits = found === known.certain || (known.possible !== undefined && found === known.possible.content);
    if (!fits)
      this.findings.push(`${thing} was lost: it holds ${shown(found)}, and ${shown(known.certain)} was acknowledged`);
    known.certain = found;
    known.possible = undefined;
    if (found !== undefined) this.seen(thing, found, revision);
  }

  #known(thing: string): Known {
    const known = this.#things.get(thing) ?? { certain: undefined, possible: undefined };
    this.#things.set(thing, known);
    return known;
  }
}

function shown(content: Content): string {
  return content === undefined ? 'nothing' : JSON.stringify(content.slice(0, 40));
}
