import { AppError } from '@flotilla/contracts';

/** The longest key. */
export const maxIdempotencyKeyLength = 255;

/** RFC 8941, 3.3.3: printable ASCII in quotes, `"` and `\` escaped. */
const quoted = /^ *"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"(?<parameters>.*?) *$/;
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
  const match = quoted.exec(field);
  const key =
    match?.[1] !== undefined && parameters.test(match.groups?.['parameters'] ?? '')
      ? match[1].replaceAll(/\\(["\\])/g, '$1')
      : quotes === 'optional' && plain.test(field)
        ? field
        : undefined;
  if (key === undefined) throw invalidKey('Write the key in double quotes: Idempotency-Key: "8e03978e-40d5"');
  if (key === '') throw invalidKey('The key is empty; use a random UUID');
  if (key.length > maxIdempotencyKeyLength)
    throw invalidKey(`The key has ${key.length} characters; use at most ${maxIdempotencyKeyLength}`);
  return key;
}

function invalidKey(detail: string): AppError {
  return new AppError('INVALID_IDEMPOTENCY_KEY', { detail });
}
