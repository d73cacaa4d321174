import type { KeyEntry } from '../../keys/key-entry.ts';

/** The longest list that is one text, in characters; a longer one is sent in pieces. */
const longestText = 1_048_576;
/** The most lists that are kept. */
const maxKept = 16;

/**
 * Lists of keys as one text, each made once for all who ask for the same at the same index: after a change that is everybody
 * who waited for it.
 */
export class ListTexts {
  readonly #texts = new Map<string, string>();

  /**
   * @param name says what is listed, and at which index
   * @returns undefined if the list is too long to be one text
   */
  textOf(name: string, page: readonly KeyEntry[], show: (entry: KeyEntry) => string): string | undefined {
    const known = this.#texts.get(name);
    if (known !== undefined) return known;
    let text = '[';
    for (const entry of page) {
      text += `${text === '[' ? '' : ','}${show(entry)}`;
      if (text.length > longestText) return undefined;
    }
    text += ']';
    if (this.#texts.size === maxKept) for (const oldest of this.#texts.keys().take(1)) this.#texts.delete(oldest);
    this.#texts.set(name, text);
    return text;
  }
}
