import type { Rendered } from './answer.ts';

/** About the most bytes of answers that are kept. */
const maxBytes = 16_777_216;
/** What an answer takes beside its body and its question. */
const fixedBytes = 500;

interface Kept {
  readonly state: string;
  readonly answer: Rendered;
  readonly bytes: number;
}

/** What several readers are sent alike, made once, and kept for as long as nothing of it changes. */
export class SharedBodies {
  /** The one that was asked for longest ago first. */
  readonly #answers = new Map<string, Kept>();
  #bytes = 0;

  /** The answer to a question. `state` is another one whenever what is shown is another. */
  get(question: string, state: string, make: () => Rendered): Rendered {
    const known = this.#answers.get(question);
    if (known !== undefined) {
      this.#answers.delete(question);
      if (known.state === state) {
        this.#answers.set(question, known);
        return known.answer;
      }
      this.#bytes -= known.bytes;
    }
    const answer = make();
    const bytes = answer.body.length + question.length + fixedBytes;
    this.#answers.set(question, { state, answer, bytes });
    this.#bytes += bytes;
    this.#forgetOldest();
    return answer;
  }

  #forgetOldest(): void {
    for (const [question, { bytes }] of this.#answers) {
      if (this.#bytes <= maxBytes) return;
      this.#answers.delete(question);
      this.#bytes -= bytes;
    }
  }
}
