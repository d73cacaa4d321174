import { isToken } from '../bytes/token.ts';
import type { FieldList } from '../fields/field-list.ts';

/** Ends a line, and alone the head. */
export const CRLF = '\r\n';

// The same set as the VALUE bit; a pattern is twice as fast as a loop on a string.
const NOT_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Whether the text may stand as a field value or reason phrase: no control character, nothing beyond one byte. */
export function isFieldValue(value: string): boolean {
  return !NOT_VALUE.test(value);
}

/**
 * `name: value CRLF`. Throws a TypeError when name or value could end the line or begin another one, so that no text from
 * elsewhere can add a field or a message. Beyond ASCII write bytes as latin1 characters.
 */
export function fieldLine(name: string, value: string): string {
  if (!isToken(name)) throw new TypeError('The field name is not a token: use only letters, digits and hyphens.');
  if (!isFieldValue(value)) {
    throw new TypeError(`The value of ${name} contains a character that cannot be sent: remove control characters.`);
  }
  return `${name}: ${value}\r\n`;
}

/** The lines of a whole list, each checked like `fieldLine`. */
export function fieldLines(fields: FieldList): string {
  let text = '';
  for (let i = 0; i + 1 < fields.length; i += 2) text += fieldLine(fields[i] ?? '', fields[i + 1] ?? '');
  return text;
}

/**
 * `name: value CRLF` without a check. Only for a name and a value that came out of a parser of this package unchanged:
 * its grammar lets nothing through that could end a line, so to look at every byte again would only cost time.
 */
export function parsedFieldLine(name: string, value: string): string {
  return `${name}: ${value}\r\n`;
}
