import { rule } from '@flotilla/contracts';
import { z } from 'zod';
import { wireShape } from './wire-shape.ts';

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
export function lineOfText(maxLength: number): z.ZodType<string, string> {
  const line = z
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
  return wireShape(line, {
    type: 'string',
    pattern: patternOfLine(maxLength),
    description: {
      en: `One line of visible text, at most ${maxLength} characters after white space around it is removed. Characters beyond U+FFFF, such as most emoji, count as two.`,
      'zh-CN': `一行可见文本，去掉首尾空白后最多 ${maxLength} 个字符；U+FFFF 以外的字符（如大多数表情符号）按两个计算。`,
    },
  });
}

/** White space that is not a control character, for a character class. */
const space = ' \\u00A0\\u1680\\u2000-\\u200A\\u202F\\u205F\\u3000\\uFEFF';

/** What {@link controlCharacter} and {@link directionControl} match, for a character class. */
const forbidden = '\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069';

/** More repetitions of one part are refused by RE2, which checks patterns in many languages. */
const maxRepetitions = 1_000;

/**
 * The pattern of such a line for JSON Schema, without what only some languages' expressions know. It counts a character
 * beyond U+FFFF as one, and does not see that a line of marks alone shows nothing.
 */
function patternOfLine(maxLength: number): string {
  const inner = maxLength - 2 <= maxRepetitions ? `{0,${Math.max(0, maxLength - 2)}}` : '*';
  const edge = `[^${space}${forbidden}]`;
  const rest = maxLength > 1 ? `(?:[^${forbidden}]${inner}${edge})?` : '';
  return `^[${space}]*${edge}${rest}[${space}]*$`;
}
