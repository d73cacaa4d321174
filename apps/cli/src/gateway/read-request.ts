import { Mistake } from '../arguments/mistake.ts';

/** The request that is to be explained. */
export interface AskedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads `[method] <path>` and fields such as `Accept: text/html`. A whole URL gives the path and the host. Throws a
 * {@link Mistake} that says what is missing.
 */
export function readRequest(words: readonly string[], fields: readonly string[]): AskedRequest {
  const [first, second] = words;
  if (first === undefined) throw new Mistake('Say which request, for example: flotilla gateway explain /users/1');
  const [method, where] = second === undefined ? ['GET', first] : [first.toUpperCase(), second];
  if (second === undefined && /^[A-Z]+$/.test(first))
    throw new Mistake(`Say which path ${first} is for, for example: flotilla gateway explain ${first} /users/1`);
  const headers = Object.fromEntries(fields.map(readField));
  const url = /^https?:\/\//i.test(where) ? URL.parse(where) : null;
  if (url !== null) return { method, target: url.pathname + url.search, headers: { Host: url.host, ...headers } };
  if (!where.startsWith('/') && where !== '*')
    throw new Mistake(`"${where}" is not a path: it must begin with "/", as in: flotilla gateway explain /${where}`);
  return { method, target: where, headers };
}

function readField(field: string): readonly [string, string] {
  const colon = field.indexOf(':');
  if (colon > 0) return [field.slice(0, colon).trim(), field.slice(colon + 1).trim()];
  throw new Mistake(`--header: "${field}" is not a field. Write, for example, 'Accept: application/json'`);
}
