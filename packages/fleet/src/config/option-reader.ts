import { nearestName } from '@flotilla/kit/sources';

/** A mistake in a fleet file: where it is, what is wrong and what to do. */
export type Problem = string;

/**
 * Reads the options of one object that somebody has written, and notes everything that is wrong with them under the path
 * of the option. What is wrong or missing is read as undefined, so that reading goes on to the next mistake.
 */
export class OptionReader {
  readonly path: string;
  readonly #problems: Problem[];
  readonly #values: Readonly<Record<string, unknown>>;

  /** `known`: the existing options; others are refused. */
  constructor(value: unknown, path: string, known: readonly string[], problems: Problem[]) {
    this.path = path;
    this.#problems = problems;
    this.#values = isPlainObject(value) ? value : {};
    if (!isPlainObject(value))
      this.#problems.push(`${path === '' ? 'fleet' : path}: expected an object, got ${show(value)}.`);
    for (const key of Object.keys(this.#values)) if (!known.includes(key)) this.refuse(key, unknownOption(key, known));
  }

  /** Notes a problem with one option. */
  refuse(key: string, message: string): void {
    this.#problems.push(`${pathTo(this.path, key)}: ${message}`);
  }

  /** Whether the option is there. `undefined` counts as not there, as everywhere in TypeScript. */
  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** The value as it is. */
  get(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined;
  }

  /** A text that is not empty. */
  text(key: string, example: string): string | undefined {
    const fits = (value: unknown): value is string => isText(value) && value.trim() !== '';
    return this.#checked(key, `a string such as '${example}'`, fits);
  }

  /** A whole number in a range. */
  integer(key: string, least: number, most: number): number | undefined {
    const fits = (value: unknown): value is number =>
      Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
    return this.#checked(key, `a whole number from ${least} to ${most}`, fits);
  }

  /** A list of texts, none of them empty. */
  texts(key: string, example: string): readonly string[] | undefined {
    const fits = (value: unknown): value is readonly string[] =>
      Array.isArray(value) && value.every((each) => isText(each) && each !== '');
    return this.#checked(key, `a list of strings such as ${example}`, fits);
  }

  /** A path of a server, with its query. */
  serverPath(key: string): string | undefined {
    return this.#checked(key, "a path that begins with '/', such as '/health'", isServerPath);
  }

  /** One of some words. */
  word<Word extends string | false>(key: string, words: readonly Word[]): Word | undefined {
    const fits = (value: unknown): value is Word => words.some((word) => word === value);
    const meant = this.get(key);
    const near = isText(meant)
      ? nearestName(
          meant,
          words.filter((word): word is Word & string => word !== false),
        )
      : undefined;
    const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
    return this.#checked(key, `one of ${words.map(quoted).join(', ')}`, fits, hint);
  }

  /** An object from names to values of one kind. */
  record<Value>(key: string, what: string, fits: (value: unknown) => value is Value): Readonly<Record<string, Value>> {
    const value = this.get(key);
    if (value === undefined) return {};
    if (!isPlainObject(value)) {
      this.refuse(key, `expected an object, got ${show(value)}.`);
      return {};
    }
    const good: Record<string, Value> = {};
    for (const [name, each] of Object.entries(value)) {
      if (fits(each)) good[name] = each;
      else if (each !== undefined) this.refuse(`${key}.${name}`, `expected ${what}, got ${show(each)}.`);
    }
    return good;
  }

  #checked<Value>(
    key: string,
    expected: string,
    fits: (value: unknown) => value is Value,
    hint = '',
  ): Value | undefined {
    const value = this.get(key);
    if (value === undefined || fits(value)) return value;
    this.refuse(key, `expected ${expected}, got ${show(value)}.${hint}`);
    return undefined;
  }
}

/** What is wrong with a name that is not among those there are. */
function unknownOption(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  const hint = near === undefined ? `Choose one of: ${known.join(', ')}.` : `Did you mean "${near}"?`;
  return `unknown option "${name}". ${hint}`;
}

/** The path of a part, as it would be written in code. */
export function pathTo(path: string, key: string): string {
  if (key === '') return path;
  const plain = /^[A-Za-z_$][\w$]*(?:\.[\w$.-]+)*$/.test(key);
  return `${path}${plain ? `.${key}` : `['${key}']`}`.replace(/^\./, '');
}

/** Whether it is an object made of options: no list, no class, no promise. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether it is a text that can be handed to a program: no system takes one with a zero byte. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

/** Whether it is a path that can be asked of a server. */
function isServerPath(value: unknown): value is string {
  return isText(value) && /^\/[\x21-\x7e]*$/.test(value);
}

/** A value, short enough for a message. */
export function show(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string' && value.includes('\0')) return 'a string with a zero byte';
  if (isText(value)) return value.length > 60 ? `a string of ${value.length} characters` : `'${value}'`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value instanceof Promise) return 'a promise; write "await" before it';
  return typeof value === 'function' ? 'a function' : 'an object';
}

function quoted(word: string | false): string {
  return word === false ? 'false' : `'${word}'`;
}
