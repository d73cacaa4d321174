import { AppError, type FieldProblem } from '@flotilla/contracts';

/** A parsed query: a list where a name is repeated. Without a prototype, so that no name is special. */
export type RawQuery = Record<string, string | string[]>;

/** An object without `Object.prototype`; faster than `Object.create(null)`. */
class Query {
  static {
    Object.setPrototypeOf(this.prototype, null);
    Reflect.deleteProperty(this.prototype, 'constructor');
  }
}

const problemsKey = Symbol('flotilla.query-problems');

/** More parameters than any route has; limits the work that one request can cause. */
const maxParameters = 200;

/**
 * Splits a query string. Fastify calls this where nothing may be thrown, so problems are kept with the result and thrown by
 * {@link checkQuery}.
 */
export function parseQuery(text: string): RawQuery {
  const query = new Query() as RawQuery; // It has no fields yet.
  if (text === '') return query;
  const problems: FieldProblem[] = [];
  const parts = text.split('&');
  if (parts.length > maxParameters) problems.push({ field: '?', code: 'TOO_MANY', parameters: { max: maxParameters } });
  for (const part of parts.slice(0, maxParameters)) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const rawName = equals < 0 ? part : part.slice(0, equals);
    const name = decode(rawName);
    const value = equals < 0 ? '' : decode(part.slice(equals + 1));
    if (name === undefined || value === undefined) {
      const shown = (name ?? rawName).slice(0, 100);
      problems.push({ field: `?${shown}`, code: 'NOT_PERCENT_ENCODED' });
    } else add(query, name, value);
  }
  if (problems.length > 0) Object.defineProperty(query, problemsKey, { value: problems });
  return query;
}

/** Throws INVALID_REQUEST if `query` could not be decoded. */
export function checkQuery(query: unknown): void {
  if (typeof query !== 'object' || query === null || !(problemsKey in query)) return;
  const problems = query[problemsKey] as readonly FieldProblem[]; // Only parseQuery can set it: the symbol is its own.
  throw new AppError('INVALID_REQUEST', { fields: problems.slice(0, 20) });
}

function add(query: RawQuery, name: string, value: string): void {
  const before = query[name];
  if (before === undefined) query[name] = value;
  else if (typeof before === 'string') query[name] = [before, value];
  else before.push(value);
}

/** Form decoding: `+` is a space. `undefined` if the bytes are not UTF-8 or a `%` is not followed by two hex digits. */
function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}
