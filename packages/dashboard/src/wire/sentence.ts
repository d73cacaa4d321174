/** Something that is told to people, in English and Chinese. What another program says in one language is the same in both. */
export interface Sentence {
  readonly en: string;
  readonly zh: string;
}
