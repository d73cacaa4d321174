import { posix } from 'node:path';

/** One import of a file of this repository by its path. */
export interface Import {
  /** From 1. */
  readonly line: number;
  /** The path of what is imported, from the root. */
  readonly target: string;
}

const statement =
  /^(?:import|export)\b(?:\/\/[^\n]*\n|\/\*[^]*?\*\/|[^;'"/])*?from '(\.[^']+)'|^import '(\.[^']+)'|\bimport\(\s*'(\.[^']+)'/gm;

/** What a file imports by path: statically, dynamically, or for its types alone. */
export function importsOf(path: string, text: string): readonly Import[] {
  return Array.from(text.matchAll(statement), (match) => {
    const [whole, from, alone, dynamic] = match;
    const place = from ?? alone ?? dynamic ?? '';
    // Where the path stands, which may be some lines below the statement's beginning.
    const line = text.slice(0, match.index + whole.length).split('\n').length;
    return { line, target: posix.join(posix.dirname(path), place) };
  });
}
