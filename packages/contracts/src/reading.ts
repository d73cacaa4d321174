/** What came of reading a text that a person wrote: a setting, a URL. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  /** `problem` completes the sentence "the value …": `is not a whole number`. It never repeats the value. */
  | {
      readonly ok: false;
      readonly problem: string;
      /** What a text that begins like this one should be, where that says more than what any text should be. */
      readonly expects?: string | undefined;
    };
