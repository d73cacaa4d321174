import { AppError, type FieldCode } from '@flotilla/contracts';
import { repeatedKey } from './repeated-key.ts';

/**
 * Reads a JSON body strictly: UTF-8 only (RFC 8259, 8.1), one complete value, no key twice in one object, no key that
 * could reach a prototype, no text that is not Unicode (half a surrogate pair), which storage would silently change.
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new AppError('INVALID_JSON', { detail: 'The body is empty.' });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new AppError('INVALID_JSON', { detail: 'The bytes of the body are not UTF-8.', cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('INVALID_JSON', { detail: 'The body is not one complete JSON value.', cause });
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) refuse(pointerOf(repeated), 'GIVEN_TWICE');
  // A walk through the value costs more than parsing it, and almost no body needs one.
  if (text.includes('__proto__') || text.includes('\\u')) refuseUnsafe(value);
  return value;
}

/** Walks with a list, not by recursion: a body may be nested deeper than the stack. */
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
