import { rule } from '@flotilla/contracts';
import { z } from 'zod';

/** Characters that no line of text has: control characters and the two Unicode line breaks. */
const controlCharacter = /[\p{Cc}\u2028\u2029]/u;

/**
 * Marks, embeddings, overrides and isolates of direction: whoever shows a name with one of them shows what follows
 * the wrong way round, or another name than it is.
 */
const directionControl = /\p{Bidi_Control}/u;

/**
 * A character that leaves ink. Not: white space, controls, what Unicode says is ignored in display (zero-width
 * spaces and joiners, fillers, variation selectors), marks that need a character to sit on, and the empty Braille cell.
 */
const visible = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}\u2800]/u;

/**
 * One line of text that a person typed, such as a name. White space around it is removed; what is left must have
 * something to see. Half of a surrogate pair is refused, since no database could give it back. Joiners inside a text
 * are kept: Persian, Indic scripts and emoji need them.
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
