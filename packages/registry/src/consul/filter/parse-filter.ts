import { type Expression, FilterError, type Operator } from './expression.ts';

/** More parentheses and negations inside each other are no filter a person wrote. */
const maxDepth = 50;
/** More comparisons than this are refused, since each is made for each thing that is shown. */
const maxComparisons = 200;

const tokens = {
  space: /\s+/y,
  identifier: /[A-Za-z][A-Za-z0-9_/]*/y,
  number: /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?=\s|\)|$)/y,
  doubleQuoted: /"(?:[^"\\]|\\.)*"/y,
  backQuoted: /`[^`]*`/y,
  afterValue: /(?=\s|\)|$)/y,
} as const;

/** Operators, as they stand after the first operand. Those that are words stand between spaces. */
const operators: readonly (readonly [expression: RegExp, operator: Operator, negated: boolean])[] = [
  [/\s*==\s*/y, 'equal', false],
  [/\s*!=\s*/y, 'equal', true],
  [/\s+is\s+not\s+empty(?=\s|\)|$)/y, 'empty', true],
  [/\s+is\s+empty(?=\s|\)|$)/y, 'empty', false],
  [/\s+not\s+contains\s+/y, 'in', true],
  [/\s+contains\s+/y, 'in', false],
  [/\s+not\s+matches\s+/y, 'matches', true],
  [/\s+matches\s+/y, 'matches', false],
];
const memberships: typeof operators = [
  [/\s+not\s+in\s+/y, 'in', true],
  [/\s+in\s+/y, 'in', false],
];

/**
 * Reads a filter in the language of Consul: comparisons with `==`, `!=`, `in`, `not in`, `contains`, `matches`, `is empty`, joined
 * by `and`, `or`, `not` and parentheses.
 *
 * @throws {FilterError}
 */
export function parseFilter(text: string): Expression {
  return new FilterParser(text).parse();
}

class FilterParser {
  readonly #text: string;
  #at = 0;
  #comparisons = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Expression {
    this.#skip(tokens.space);
    const expression = this.#or(0);
    this.#skip(tokens.space);
    if (this.#at < this.#text.length) throw this.#unexpected();
    return expression;
  }

  #or(depth: number): Expression {
    let left = this.#and(depth);
    while (this.#take(/\s+or\s+/y)) left = { kind: 'or', left, right: this.#and(depth) };
    return left;
  }

  #and(depth: number): Expression {
    let left = this.#not(depth);
    while (this.#take(/\s+and\s+/y)) left = { kind: 'and', left, right: this.#not(depth) };
    return left;
  }

  #not(depth: number): Expression {
    if (depth > maxDepth) throw new FilterError(`it is nested deeper than ${maxDepth} levels`);
    if (this.#take(/not\s+(?!in\s)/y)) return { kind: 'not', inner: this.#not(depth + 1) };
    if (!this.#take(/\(\s*/y)) return this.#comparison();
    const inner = this.#or(depth + 1);
    if (!this.#take(/\s*\)/y)) throw new FilterError('Unmatched parentheses');
    return inner;
  }

  #comparison(): Expression {
    this.#comparisons += 1;
    if (this.#comparisons > maxComparisons) throw new FilterError(`it has more than ${maxComparisons} comparisons`);
    const startedAt = this.#at;
    const selector = this.#selector();
    if (selector !== undefined) {
      const found = this.#operator(operators);
      if (found !== undefined) {
        const value = found.operator === 'empty' ? '' : this.#value();
        return { kind: 'compare', selector, ...found, value };
      }
      this.#at = startedAt;
    }
    const value = this.#value();
    const found = this.#operator(memberships);
    const container = found === undefined ? undefined : this.#selector();
    if (found === undefined || container === undefined) throw this.#unexpected();
    return { kind: 'compare', selector: container, ...found, value };
  }

  #operator(known: typeof operators): { readonly operator: Operator; readonly negated: boolean } | undefined {
    for (const [expression, operator, negated] of known) if (this.#take(expression)) return { operator, negated };
    return undefined;
  }

  /** `Meta.version`, `Meta["any key"]`. */
  #selector(): readonly string[] | undefined {
    const first = this.#read(tokens.identifier);
    if (first === undefined) return undefined;
    const path = [first];
    for (;;) {
      if (this.#take(/\[\s*/y)) {
        const key = this.#quoted();
        if (key === undefined || !this.#take(/\s*\]/y)) throw this.#unexpected();
        path.push(key);
      } else if (this.#take(/\.(?=[A-Za-z])/y)) {
        path.push(this.#read(tokens.identifier) ?? '');
      } else return path;
    }
  }

  #value(): string {
    const value = this.#quoted() ?? this.#read(tokens.number) ?? this.#selector()?.join('.');
    if (value === undefined || this.#read(tokens.afterValue) === undefined) throw this.#unexpected();
    return value;
  }

  #quoted(): string | undefined {
    const raw = this.#read(tokens.backQuoted);
    if (raw !== undefined) return raw.slice(1, -1);
    const escaped = this.#read(tokens.doubleQuoted);
    if (escaped === undefined) return undefined;
    try {
      return String(JSON.parse(escaped));
    } catch {
      throw new FilterError('a text in it has an escape that does not exist');
    }
  }

  #take(expression: RegExp): boolean {
    return this.#read(expression) !== undefined;
  }

  #skip(expression: RegExp): void {
    this.#read(expression);
  }

  /** What stands here and fits a sticky expression; the place moves behind it. */
  #read(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #unexpected(): FilterError {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return new FilterError(
      rest === '' ? 'it ends too early' : `1:${this.#at + 1}: no match found at ${JSON.stringify(rest)}`,
    );
  }
}
