import type { Language } from './language.ts';

/** A text, or one that is made of values; texts can be grouped. */
type Text = string | ((...values: never[]) => string);
interface Texts {
  readonly [name: string]: Text | Texts;
}

/** The same names with the same parameters, in other words. */
type InOtherWords<T> = {
  readonly [Name in keyof T]: T[Name] extends string
    ? string
    : T[Name] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : InOtherWords<T[Name]>;
};

/** The texts of something, in each language. */
export type Translations<T> = Readonly<Record<Language, InOtherWords<T>>>;

/** Puts the languages of a part of the pages together. A text that one of them lacks is a type error. */
export function translations<const T extends Texts>(en: T, zh: InOtherWords<T>): Translations<T> {
  // What English says is one way to say it, which the compiler cannot know of a T that it has not seen.
  return { en: en as unknown as InOtherWords<T>, zh };
}
