import { isKey, maxKeyBytes } from '@flotilla/contracts';
import { printableJson, printableText } from '@flotilla/kit/printable-text';
import { cutToWidth } from '@flotilla/kit/text-width';
import { Failed } from '../running/answer.ts';

/** A key as the registry shows it. Fields are missing where the registry is of another release. */
export interface StoredKey {
  readonly key: string;
  readonly value?: string;
  /** Instead of `value`, if the bytes are not text. */
  readonly value_base64?: string;
  readonly revision?: number;
  readonly created_revision?: number;
  readonly session?: string;
}

/** The keys in an answer of the registry. */
export function keysIn(answer: unknown): readonly StoredKey[] {
  return Array.isArray(answer) ? answer.flatMap((one) => keyIn(one) ?? []) : [];
}

export function keyIn(answer: unknown): StoredKey | undefined {
  if (typeof answer !== 'object' || answer === null || !('key' in answer) || typeof answer.key !== 'string')
    return undefined;
  // The registry's own record; what is missing in it shows as blank.
  return answer as StoredKey;
}

/** The path of a key at the registry. Throws a {@link Failed} where a URL would lead to another key, as `a/../b` does to `b`. */
export function pathOfKey(key: string): string {
  if (!isKey(key))
    throw new Failed(
      `${printableText(key.slice(0, 80))} is not a key. A key has 1 to ${maxKeyBytes} bytes without control characters, does not begin with "/", and has no segment "." or "..".`,
      'NOT_A_KEY',
    );
  return `kv/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** A value on one line of at most `most` columns. */
export function shortValue({ value, value_base64: base64 }: StoredKey, most: number): string {
  if (value === undefined) return base64 === undefined ? '' : `(not text: ${Buffer.from(base64, 'base64').length} B)`;
  // What breaks the line or moves the cursor is shown as an escape.
  const line = printableText(value) === value ? value : printableJson(JSON.stringify(value));
  return cutToWidth(line, most);
}
