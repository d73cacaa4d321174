import { rule } from '@flotilla/contracts';
import { z } from 'zod';

/** Characters that a line of text must not have: control characters and the two Unicode line breaks. */
const controlCharacter = /[\p{Cc}\u2028\u2029]/u;

/**
 * Marks, embeddings, overrides and isolates of direction: with one in a name, the text that follows is shown in the wrong
 * direction, or the name looks like another one.
 */
const directionControl = /\p{Bidi_Control}/u;

/**
 * A visible character. Not: white space, controls, characters that Unicode ignores in display (zero-width spaces and joiners,
 * fillers, variation selectors), marks that combine with another character, and the empty Braille cell.
 */
const visible = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}\u2800]/u;

/**
 * One line of text that a person typed, such as a name. White space around it is removed; the rest must contain something
 * visible. Half of a surrogate pair is refused, since no database could return it. Joiners inside the text are kept: Persian,
 * Indic scripts and emoji need them.
 *
 * @param maxLength in UTF-16 code units, as JavaScript and JSON schema count
 */
export function lineOfText(maxLength: number): z.ZodType<string> {
  return z
    .string()
    .refine((text) => text.isWellFormed(), rule('NOT_UNICODE'))
    .refine((text) => !controlCharacter.test(text), rule('CONTROL_CHARACTER'))
    .refine((text) => !directionControl.test(text), rule('DIRECTION_CONTROL'))
    .transform((text) => text.trim())
    .pipe(
      z
        .string()
        .min(1)
        .max(maxLength)
        .refine((text) => text === '' || visible.test(text), rule('NOTHING_VISIBLE')),
    );
}
