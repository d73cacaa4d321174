import { type PlacesOf, placesOf } from './fill-in.ts';
import type { Translated } from './locale.ts';

/** Something that can be wrong with a field. `Place`: the names of the places of its texts. */
export interface FieldKind<Place extends string = string> {
  /** Stable; match on this. */
  readonly code: string;
  /** Who defines it: `flotilla`, or the name of a service. */
  readonly owner: string;
  /** What is wrong and what would be right; goes on where the field's name ends. */
  readonly message: Translated;
  /** What its texts need. */
  readonly places: readonly Place[];
}

/** The kinds that texts define, by their codes. */
export type FieldErrors<Texts> = {
  readonly [Code in keyof Texts & string]: FieldKind<
    Texts[Code] extends { readonly en: infer Text extends string } ? PlacesOf<Text> : never
  >;
};

/** Makes kinds of texts. Checks nothing. */
export function fieldErrorsOf<const Texts extends Readonly<Record<string, Translated>>>(
  owner: string,
  texts: Texts,
): FieldErrors<Texts> {
  const kinds = Object.entries(texts).map(([code, message]): [string, FieldKind] => {
    return [code, { code, owner, message, places: placesOf(message.en) }];
  });
  // One entry was made of each text, under its own code.
  return Object.fromEntries(kinds) as FieldErrors<Texts>;
}
