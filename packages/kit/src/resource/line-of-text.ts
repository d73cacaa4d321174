import { rule } from '@flotilla/contracts';
import { z } from 'zod';

/** Characters that no line of text has: control characters and the two Unicode line breaks. */
const controlCharacter = /[\p{Cc}\u2028\u2029]/u;

/**
 * One line of text that a person typed, such as a name. White space around it is removed; what is left must not be
 * empty. Half of a surrogate pair is refused, since no database could give it back.
 *
 * @param maxLength in UTF-16 code units, as JavaScript and JSON schema count
 */
export function lineOfText(maxLength: number): z.ZodType<string> {
  return z
    .string()
    .refine((text) => text.isWellFormed(), rule('NOT_UNICODE'))
    .refine((text) => !controlCharacter.test(text), rule('CONTROL_CHARACTER'))
    .transform((text) => text.trim())
    .pipe(z.string().min(1).max(maxLength));
}
