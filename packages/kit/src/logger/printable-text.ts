/**
 * Characters that must reach no terminal as they are: controls (they move the cursor, set colours and titles), marks
 * that turn the direction of writing round (what is read is then not what is there), and line ends of Unicode.
 */
const unsafe = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const allUnsafe = new RegExp(unsafe.source, 'gu');

/** The same, but for what JSON's own escapes cover already. */
const unsafeInJson = /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/u;
const allUnsafeInJson = new RegExp(unsafeInJson.source, 'gu');

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `text` with every character that could harm a terminal, or whoever reads it, written as `\u001b`. */
export function printableText(text: string): string {
  return unsafe.test(text) ? text.replace(allUnsafe, escaped) : text;
}

/** The same JSON with such characters escaped: whoever parses it gets the same values. `json` has no line ends but its own. */
export function printableJson(json: string): string {
  return unsafeInJson.test(json) ? json.replace(allUnsafeInJson, escaped) : json;
}

/** What a colour on a terminal is set with, and nothing else: `ESC [ 1 ; 31 m`. */
const colour = new RegExp(`(${String.fromCharCode(0x1b)}\\[[0-9;]{0,20}m)`);

/** A line of another program, which may bring its own colours and tabs; everything else of the kind is written out. */
export function printableLine(line: string): string {
  if (!unsafe.test(line)) return line;
  return line
    .split(colour)
    .map((part, index) => (index % 2 === 1 ? part : part.split('\t').map(printableText).join('\t')))
    .join('');
}

/** A text of at most `maxLength` characters; what was cut is counted in its place. */
export function boundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // Not between the halves of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
}
