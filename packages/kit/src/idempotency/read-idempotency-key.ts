import { AppError } from '@flotilla/contracts';

/** The longest key. */
export const maxIdempotencyKeyLength = 255;

/** RFC 8941, 3.3.3: printable ASCII in quotes, `"` and `\` escaped. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"(.*)$/;
/** Room for a key of which every character is escaped, and for a few parameters. Patterns see nothing longer. */
const maxFieldLength = 1_024;

/** RFC 8941, 3.1.2. The draft defines none, so they say nothing, and are allowed so that a later one may. */
const parameters =
  /^(?: *; *[a-z*][a-z0-9_.*-]*(?:=(?:-?\d+(?:\.\d{1,3})?|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"|[A-Za-z*][\w!#$%&'*+.^`|~:/-]*|:[A-Za-z0-9+/=]*:|\?[01]))?)*$/;
const plain = /^[\x21\x23-\x7e][\x20-\x7e]*$/;

/**
 * Reads a field `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): a text in double quotes, as RFC 8941
 * defines it.
 *
 * @param quotes `optional`: a text without quotes is a key as well. For metadata of gRPC, which knows no structured fields
 * @throws {AppError} INVALID_IDEMPOTENCY_KEY: to go on without the key could do twice what must be done once
 */
export function readIdempotencyKey(field: string, quotes: 'required' | 'optional' = 'required'): string {
  const key = field.length > maxFieldLength ? undefined : keyIn(field.trim(), quotes);
  if (key === undefined)
    throw invalidKey('Write one key in double quotes, at most 255 characters: Idempotency-Key: "8e03978e-40d5"');
  if (key === '') throw invalidKey('The key is empty; use a random UUID');
  if (key.length > maxIdempotencyKeyLength)
    throw invalidKey(`The key has ${key.length} characters; use at most ${maxIdempotencyKeyLength}`);
  return key;
}

function keyIn(field: string, quotes: 'required' | 'optional'): string | undefined {
  const [, text, rest = ''] = quoted.exec(field) ?? [];
  if (text !== undefined && parameters.test(rest)) return text.replaceAll(/\\(["\\])/g, '$1');
  return quotes === 'optional' && plain.test(field) ? field : undefined;
}

function invalidKey(detail: string): AppError {
  return new AppError('INVALID_IDEMPOTENCY_KEY', { detail });
}
