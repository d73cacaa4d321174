import { AppError, type FieldCode } from '@flotilla/contracts';
import { type JsonProblem, readJson } from '@flotilla/contracts/json';
import { repeatedKey } from './repeated-key.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The maximum nesting of this route's bodies. Default {@link defaultMaxJsonDepth}. */
    readonly maxJsonDepth?: number;
  }
}

/**
 * The default maximum nesting of a body. A record has two or three levels; this leaves room for free-form data without letting
 * a body decide how long the program is busy.
 */
const defaultMaxJsonDepth = 32;

/**
 * Reads a JSON body strictly: UTF-8 only (RFC 8259, 8.1), one complete value, no deeper than `maxDepth`, no key twice in
 * one object, no key that could reach a prototype, no string that is not Unicode (half a surrogate pair), which storage
 * would silently change.
 */
export function parseJson(body: Buffer, maxDepth: number = defaultMaxJsonDepth): unknown {
  if (body.length === 0) throw new AppError('INVALID_JSON', { detail: 'The body is empty.' });
  const read = readJson(body, maxDepth);
  if (!read.ok) throw new AppError('INVALID_JSON', { detail: explain(read.problem, read.at, maxDepth) });
  const { text, value } = read;
  const repeated = repeatedKey(text);
  if (repeated !== undefined) refuse(pointerOf(repeated), 'GIVEN_TWICE');
  // A walk through the value costs more than parsing it, and almost no body needs one.
  if (text.includes('__proto__') || text.includes('\\u')) refuseUnsafe(value);
  return value;
}

/** Says where the mistake is, but does not quote it: the body is somebody's data, and this also goes to logs. */
function explain(problem: JsonProblem, at: number, maxDepth: number): string {
  switch (problem) {
    case 'not-utf-8':
      return 'The body is not valid UTF-8.';
    case 'not-json':
      return `The body is not one complete JSON value: see byte ${at}.`;
    case 'too-deep':
      return `The body is nested deeper than ${maxDepth} levels: see byte ${at}.`;
    default:
      return problem satisfies never;
  }
}

/** Walks with a list instead of recursion: a route may allow bodies that are nested deeper than the stack. */
function refuseUnsafe(root: unknown): void {
  const open: { readonly value: unknown; readonly pointer: string }[] = [{ value: root, pointer: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer } = next;
    if (typeof value === 'string' && !value.isWellFormed()) refuse(pointer, 'NOT_UNICODE');
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      // A long pointer is cut: the cost would grow with the square of the depth.
      const at = pointer.length > 200 ? pointer : `${pointer}/${escapePointer(key)}`;
      if (key === '__proto__') refuse(at, 'UNKNOWN_FIELD');
      if (!key.isWellFormed()) refuse(pointer, 'NAME_NOT_UNICODE');
      open.push({ value: inner, pointer: at });
    }
  }
}

function refuse(field: string, code: FieldCode): never {
  throw new AppError('INVALID_REQUEST', { fields: [{ field, code }] });
}

/** A JSON pointer (RFC 6901), cut after 200 characters: a body may be nested thousands of levels deep. */
function pointerOf(path: readonly (string | number)[]): string {
  let pointer = '';
  for (const step of path) {
    if (pointer.length > 200) break;
    pointer += `/${escapePointer(String(step))}`;
  }
  return pointer;
}

/** One step of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}
