import { FilterError } from './expression.ts';
import type { Fits, MatchNode } from './match-node.ts';

/** The most a part may be repeated by count: each repetition is written out. RE2 has the same limit. */
const maxRepeats = 1_000;
const maxDepth = 50;

const classes: Readonly<Record<string, RegExp>> = {
  d: /^[0-9]$/,
  w: /^[0-9A-Za-z_]$/,
  s: /^[\t\n\f\r ]$/,
};
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\x07' };

/**
 * Reads a regular expression of the kind that can be matched in linear time, as Go has them: no back references, nothing that looks
 * ahead or behind. `(?i)` at the beginning ignores case.
 *
 * @throws {FilterError}
 */
export function parseMatch(text: string): MatchNode {
  return new MatchParser(text).parse();
}

class MatchParser {
  readonly #characters: readonly string[];
  readonly #ignoresCase: boolean;
  #at = 0;

  constructor(text: string) {
    this.#ignoresCase = text.startsWith('(?i)');
    this.#characters = Array.from(this.#ignoresCase ? text.slice(4) : text);
  }

  parse(): MatchNode {
    const node = this.#choice(0);
    if (this.#at < this.#characters.length) throw unusable('unexpected )');
    return node;
  }

  #choice(depth: number): MatchNode {
    if (depth > maxDepth) throw unusable('it is nested too deeply');
    const parts = [this.#sequence(depth)];
    while (this.#take('|')) parts.push(this.#sequence(depth));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'choice', parts };
  }

  #sequence(depth: number): MatchNode {
    const parts: MatchNode[] = [];
    for (let next = this.#next; next !== undefined && next !== '|' && next !== ')'; next = this.#next)
      parts.push(this.#repeated(depth));
    return { kind: 'sequence', parts };
  }

  #repeated(depth: number): MatchNode {
    let node = this.#atom(depth);
    for (let bounds = this.#repeats(); bounds !== undefined; bounds = this.#repeats()) {
      if (node.kind === 'repeat') throw unusable('a repetition is repeated: put the inner one into parentheses');
      node = { kind: 'repeat', inner: node, ...bounds };
      // How much it takes makes no difference to whether it matches.
      this.#take('?');
    }
    return node;
  }

  #repeats(): { readonly min: number; readonly max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take('?')) return { min: 0, max: 1 };
    const counted = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#characters.slice(this.#at, this.#at + 12).join(''));
    if (counted === null) return undefined;
    const [whole, from = '', comma, to = ''] = counted;
    const min = Number(from);
    const max = comma === undefined ? min : to === '' ? Number.POSITIVE_INFINITY : Number(to);
    if (min > maxRepeats || (max > maxRepeats && max !== Number.POSITIVE_INFINITY) || max < min)
      throw unusable(`invalid repeat count ${whole}`);
    this.#at += whole.length;
    return { min, max };
  }

  #atom(depth: number): MatchNode {
    const character = this.#consume();
    switch (character) {
      case '(': {
        if (this.#take('?') && !this.#take(':')) throw unusable('only groups of the form (…) and (?:…) are supported');
        const inner = this.#choice(depth + 1);
        if (!this.#take(')')) throw unusable('missing closing )');
        return inner.kind === 'repeat' ? { kind: 'sequence', parts: [inner] } : inner;
      }
      case '[':
        return { kind: 'character', fits: this.#class() };
      case '.':
        return { kind: 'character', fits: (given) => given !== '\n' };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '*':
      case '+':
      case '?':
        throw unusable(`nothing to repeat before ${character}`);
      case '\\':
        return this.#escaped();
      default:
        return { kind: 'character', fits: this.#oneOf(character) };
    }
  }

  #escaped(): MatchNode {
    const letter = this.#consume();
    if (letter === 'b') return { kind: 'boundary' };
    if (letter === 'B') return { kind: 'no-boundary' };
    if (letter === 'A') return { kind: 'start' };
    if (letter === 'z') return { kind: 'end' };
    return { kind: 'character', fits: this.#fitsEscape(letter) };
  }

  #fitsEscape(letter: string): Fits {
    const known = classes[letter.toLowerCase()];
    if (known !== undefined) {
      const wanted = letter === letter.toLowerCase();
      return (given) => known.test(given) === wanted;
    }
    return this.#oneOf(literalOf(letter));
  }

  #class(): Fits {
    const negated = this.#take('^');
    const tests: Fits[] = [];
    while (tests.length === 0 || this.#next !== ']') {
      const first = this.#consume();
      if (first === '[' && this.#next === ':') throw unusable('classes by name, as [:alpha:], are not supported');
      const escaped = first === '\\' ? this.#consume() : undefined;
      if (escaped !== undefined && classes[escaped.toLowerCase()] !== undefined) {
        tests.push(this.#fitsEscape(escaped));
        continue;
      }
      const low = escaped === undefined ? first : literalOf(escaped);
      if (this.#next === '-' && this.#characters[this.#at + 1] !== ']') {
        this.#at += 1;
        const next = this.#consume();
        tests.push(this.#between(low, next === '\\' ? literalOf(this.#consume()) : next));
      } else tests.push(this.#oneOf(low));
    }
    this.#at += 1;
    return (given) => tests.some((fits) => fits(given)) !== negated;
  }

  #between(low: string, high: string): Fits {
    const [from, to] = [low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0];
    if (to < from) throw unusable(`invalid range ${low}-${high}`);
    const fits = (given: string): boolean => {
      const code = given.codePointAt(0) ?? 0;
      return code >= from && code <= to;
    };
    return this.#ignoresCase ? (given) => fits(given.toLowerCase()) || fits(given.toUpperCase()) : fits;
  }

  #oneOf(character: string): Fits {
    if (!this.#ignoresCase) return (given) => given === character;
    const lower = character.toLowerCase();
    return (given) => given.toLowerCase() === lower;
  }

  get #next(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false;
    this.#at += 1;
    return true;
  }

  #consume(): string {
    const character = this.#next;
    if (character === undefined) throw unusable('it ends too early');
    this.#at += 1;
    return character;
  }
}

function literalOf(letter: string): string {
  const known = escapes[letter];
  if (known !== undefined) return known;
  if (/^[A-Za-z0-9]$/.test(letter)) throw unusable(`the escape \\${letter} is not supported`);
  return letter;
}

function unusable(why: string): FilterError {
  return new FilterError(`error parsing regexp: ${why}`);
}
