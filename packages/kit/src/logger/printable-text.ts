/**
 * Characters that must not reach a terminal: controls (they move the cursor, set colours and titles), marks that change the
 * direction of writing (readers then do not see what is there), and Unicode line breaks.
 */
const unsafe = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const allUnsafe = new RegExp(unsafe.source, 'gu');

/** The same, except those that JSON itself escapes. */
const unsafeInJson = /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/u;
const allUnsafeInJson = new RegExp(unsafeInJson.source, 'gu');

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `text` with every character that could harm a terminal, or mislead its reader, written as `\u001b`. */
export function printableText(text: string): string {
  return unsafe.test(text) ? text.replace(allUnsafe, escaped) : text;
}

/** The same JSON with such characters escaped, so that it parses to the same values. `json` must be a single line. */
export function printableJson(json: string): string {
  return unsafeInJson.test(json) ? json.replace(allUnsafeInJson, escaped) : json;
}

/** A sequence that sets a colour on a terminal, and nothing else: `ESC [ 1 ; 31 m`. */
const colour = new RegExp(`(${String.fromCharCode(0x1b)}\\[[0-9;]{0,20}m)`);

/** A line of another program, which may contain colours and tabs; all other control characters are escaped. */
export function printableLine(line: string): string {
  if (!unsafe.test(line)) return line;
  return line
    .split(colour)
    .map((part, index) => (index % 2 === 1 ? part : part.split('\t').map(printableText).join('\t')))
    .join('');
}

/** `text` cut to at most `maxLength` characters, followed by how many were cut. */
export function boundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // Do not cut between the halves of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
}
