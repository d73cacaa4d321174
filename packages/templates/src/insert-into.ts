/** Where an entry goes in a file of TypeScript: into the braces or brackets that follow a name. */
export interface Insertion {
  /** The property, or the constant, whose literal it is. */
  readonly property: string;
  /** The entry, without indentation at its beginning and without a comma at its end. */
  readonly entry: string;
}

/**
 * Adds an entry at the end of an object or array literal, in the way in which people write these files. Gives undefined
 * when the file has no such literal, or several: then it is for a person to say where the entry belongs.
 */
export function insertInto(source: string, { property, entry }: Insertion): string | undefined {
  const opening = openingOf(source, property);
  if (opening === undefined) return undefined;
  const closing = closingOf(source, opening);
  if (closing === undefined) return undefined;
  const inside = source.slice(opening + 1, closing);
  const lineEnd = source.includes('\r\n') ? '\r\n' : '\n';
  const indentation = /^[ \t]*/.exec(source.slice(source.lastIndexOf('\n', opening) + 1))?.[0] ?? '';
  const step = stepBelow(indentation, inside);
  const lines = entry
    .split('\n')
    .map((line) => line.replace(/^(?: {2})*/, (spaces) => indentation + step.repeat(1 + spaces.length / 2)))
    .join(lineEnd);
  const last = lastCodeAt(inside);
  const before = inside.slice(0, last);
  const comma = before.trim() === '' || before.endsWith(',') ? '' : ',';
  // A comment behind the last entry stays behind it.
  const rest = inside.slice(last).replace(/\s+$/, '');
  const body = before.trim() === '' && rest.trim() === '' ? '' : `${before}${comma}${rest}`;
  return `${source.slice(0, opening + 1)}${body.replace(/\s+$/, '')}${lineEnd}${lines},${lineEnd}${indentation}${source.slice(closing)}`;
}

/** By what entries are indented further than what is around them: as those that are there, else as the line itself. */
function stepBelow(indentation: string, inside: string): string {
  const first = /^\s*?\n([ \t]*)\S/.exec(inside)?.[1];
  if (first?.startsWith(indentation) === true && first !== indentation) return first.slice(indentation.length);
  return indentation.startsWith('\t') ? '\t' : '  ';
}

/** Where the brace or bracket stands that follows the property's name. Of several literals of that name, none is sure. */
function openingOf(source: string, property: string): number | undefined {
  const pattern = new RegExp(`(?<![\\w$.'"])${property}:\\s*[{[]|\\bconst ${property}\\b[^=]*=\\s*[{[]`, 'g');
  const found = [...codeOf(source)].flatMap(({ at, text }) =>
    [...text.matchAll(pattern)].map((match) => at + match.index + match[0].length - 1),
  );
  return found.length === 1 ? found[0] : undefined;
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
