import { AppError, type FieldCode } from '@flotilla/contracts';
import { type JsonProblem, readJson } from '@flotilla/contracts/json';
import { repeatedKey } from './repeated-key.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How deep this route's bodies may be nested. Default {@link defaultMaxJsonDepth}. */
    readonly maxJsonDepth?: number;
  }
}

/**
 * As deep as a body may be nested unless its route says otherwise. A record has two or three levels; this leaves room
 * for free-form data without letting a body decide how long the program is busy with it.
 */
const defaultMaxJsonDepth = 32;

/**
 * Reads a JSON body strictly: UTF-8 only (RFC 8259, 8.1), one complete value, no deeper than `maxDepth`, no key twice in
 * one object, no key that could reach a prototype, no text that is not Unicode (half a surrogate pair), which storage
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

/** Says where and not what: the body is somebody's data, and this goes to logs as well. */
function explain(problem: JsonProblem, at: number, maxDepth: number): string {
  switch (problem) {
    case 'not-utf-8':
      return 'The bytes of the body are not UTF-8.';
    case 'not-json':
      return `The body is not one complete JSON value: see byte ${at}.`;
    case 'too-deep':
      return `The body is nested deeper than ${maxDepth} levels: see byte ${at}.`;
    default:
      return problem satisfies never;
  }
}

/** Walks with a list, not by recursion: a route may allow a body to be nested deeper than the stack. */
function refuseUnsafe(root: unknown): void {
  const open: { readonly value: unknown; readonly pointer: string }[] = [{ value: root, pointer: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer } = next;
    if (typeof value === 'string' && !value.isWellFormed()) refuse(pointer, 'NOT_UNICODE');
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      // A deep pointer is cut: it would grow with the depth squared.
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
