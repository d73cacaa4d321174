/** Where an entry goes in a file of TypeScript: into the braces or brackets that follow a name. */
export interface Insertion {
  /** The property, or the constant, whose literal it is. */
  readonly property: string;
  /** The entry, without indentation at its beginning and without a comma at its end. */
  readonly entry: string;
}

/**
 * Adds an entry at the end of an object or array literal, in the way in which people write these files. Gives undefined
 * when the file has no such literal: then it is for a person to say where the entry belongs.
 */
export function insertInto(source: string, { property, entry }: Insertion): string | undefined {
  const opening = openingOf(source, property);
  if (opening === undefined) return undefined;
  const closing = closingOf(source, opening);
  if (closing === undefined) return undefined;
  const inside = source.slice(opening + 1, closing);
  const indentation = /^[ \t]*/.exec(source.slice(source.lastIndexOf('\n', opening) + 1))?.[0] ?? '';
  const inner = `${indentation}  `;
  const lines = entry
    .split('\n')
    .map((line) => `${inner}${line}`)
    .join('\n');
  const last = lastCodeAt(inside);
  const before = inside.slice(0, last);
  const comma = before.trim() === '' || before.endsWith(',') ? '' : ',';
  // A comment behind the last entry stays behind it.
  const rest = inside.slice(last).replace(/\s+$/, '');
  const body = before.trim() === '' && rest.trim() === '' ? '' : `${before}${comma}${rest}`;
  return `${source.slice(0, opening + 1)}${body.replace(/\s+$/, '')}\n${lines},\n${indentation}${source.slice(closing)}`;
}

/** Where the brace or bracket stands that follows the property's name. */
function openingOf(source: string, property: string): number | undefined {
  for (const { at, text } of codeOf(source)) {
    const match = new RegExp(`(?<![\\w$.'"])${property}:\\s*[{[]|\\bconst ${property}\\b[^=]*=\\s*[{[]`).exec(text);
    if (match !== null) return at + match.index + match[0].length - 1;
  }
  return undefined;
}

/** The counterpart of an opening brace or bracket. */
function closingOf(source: string, opening: number): number | undefined {
  let depth = 0;
  for (const { at, text } of codeOf(source)) {
    for (let index = 0; index < text.length; index += 1) {
      if (at + index < opening) continue;
      const character = text.charAt(index);
      if (character === '{' || character === '[' || character === '(') depth += 1;
      else if (character === '}' || character === ']' || character === ')') depth -= 1;
      else continue;
      if (depth === 0) return at + index;
    }
  }
  return undefined;
}

/** The end of the last thing that is neither white space nor a comment. */
function lastCodeAt(text: string): number {
  let end = 0;
  for (const { at, text: code, kind } of partsOf(text)) {
    if (kind === 'comment') continue;
    const length = kind === 'string' ? code.length : code.trimEnd().length;
    if (code.trim() !== '') end = at + length;
  }
  return end;
}

interface Part {
  readonly kind: 'code' | 'string' | 'comment';
  readonly at: number;
  readonly text: string;
}

function* codeOf(source: string): Generator<Part> {
  for (const part of partsOf(source)) if (part.kind === 'code') yield part;
}

/** Tells code from strings and comments. Regular expressions with quotes or braces in them do not occur in such files. */
function* partsOf(source: string): Generator<Part> {
  const pattern = /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  let at = 0;
  for (const match of source.matchAll(pattern)) {
    if (match.index > at) yield { kind: 'code', at, text: source.slice(at, match.index) };
    yield { kind: match[0].startsWith('/') ? 'comment' : 'string', at: match.index, text: match[0] };
    at = match.index + match[0].length;
  }
  if (at < source.length) yield { kind: 'code', at, text: source.slice(at) };
}
