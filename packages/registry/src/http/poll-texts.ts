import type { Clock } from '@flotilla/contracts';

/** How long a text is kept while nothing changes but signs of life, which have no revision, in milliseconds. */
const keepMs = 1_000;
/** The most texts kept: one for each list that is waited for. */
const maxTexts = 1_024;
/** The most characters of all texts kept. */
const maxLength = 16_777_216;

/** The bodies of lists that are waited for: made once for all who are woken by the same change. */
export class PollTexts {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #texts = new Map<string, string>();
  #length = 0;
  #revision = -1;
  #sinceMs = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** The text of a list at a revision. `make` may be called for one that is not kept. */
  get(list: string, revision: number, make: () => string): string {
    const nowMs = this.#clock.monotonicMs();
    if (revision !== this.#revision || nowMs - this.#sinceMs >= keepMs || this.#texts.size >= maxTexts) {
      this.#texts.clear();
      this.#length = 0;
      this.#revision = revision;
      this.#sinceMs = nowMs;
    }
    const known = this.#texts.get(list);
    if (known !== undefined) return known;
    const text = make();
    if (this.#length + text.length > maxLength) return text;
    this.#length += text.length;
    this.#texts.set(list, text);
    return text;
  }
}
