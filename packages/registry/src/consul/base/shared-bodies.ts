import type { Rendered } from './answer.ts';

/**
 * What several readers are sent alike, made once: all who wait for the same thing are woken in the same turn of the event loop,
 * and so are answered with one text.
 */
export class SharedBodies {
  readonly #answers = new Map<string, { readonly index: number; readonly answer: Rendered }>();

  /** The answer to a question, as it is at an index. */
  get(question: string, index: number, make: () => Rendered): Rendered {
    const known = this.#answers.get(question);
    if (known?.index === index) return known.answer;
    const answer = make();
    // In the next turn what is shown may have changed without an index of its own, as the output of a check does.
    if (this.#answers.size === 0) setImmediate(() => this.#answers.clear());
    this.#answers.set(question, { index, answer });
    return answer;
  }
}
