import { z } from 'zod';
import { rule } from './field-rule.ts';

/** The longest key, in bytes of UTF-8. */
export const maxKeyBytes = 512;
/** The longest value of a key, in bytes: 512 KiB, as in Consul. */
export const maxValueBytes = 524_288;

/**
 * A key: text without control characters that begins with no slash and has no segment `.` or `..`, so that its URL leads to it
 * and to no other. A slash means nothing but to people, and to those who ask for what begins with something.
 */
export const keySchema: z.ZodType<string> = z
  .string()
  .min(1)
  .refine(isKey, rule('NOT_A_KEY', { max: maxKeyBytes }));

/** What keys may begin with: the beginning of a key, or nothing. */
export const keyPrefixSchema: z.ZodType<string> = z.string().refine(isPrefix, rule('NOT_A_KEY', { max: maxKeyBytes }));

/** Whether a text is a key. */
export function isKey(text: string): boolean {
  return text !== '' && isPrefix(text) && !/(?:^|\/)\.\.?(?:\/|$)/.test(text);
}

function isPrefix(text: string): boolean {
  // A key longer than this in code units has more bytes, too.
  if (text.length > maxKeyBytes || Buffer.byteLength(text) > maxKeyBytes) return false;
  return !text.startsWith('/') && text.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(text);
}

/** One key as the registry shows it. */
export interface KeyRecord {
  readonly key: string;
  /** The value, if it is text in UTF-8. */
  readonly value?: string | undefined;
  /** The value as base64, if it is not. */
  readonly value_base64?: string | undefined;
  /** A number of 64 bits that another program has given it, in decimal digits. Left out: 0. */
  readonly flags?: string | undefined;
  /** The session that has locked it. Left out: nobody has. */
  readonly session?: string | undefined;
  /** The registry's revision that made it. */
  readonly created_revision: number;
  /** The revision that changed it last: what `if_revision` is compared with. */
  readonly revision: number;
}

/** Checks a {@link KeyRecord} that came over the wire. */
export const keyRecordSchema: z.ZodType<KeyRecord> = z.object({
  key: z.string(),
  value: z.string().optional(),
  value_base64: z.string().optional(),
  flags: z.string().optional(),
  session: z.string().optional(),
  created_revision: z.int(),
  revision: z.int(),
});

/**
 * What `GET /kv-watch` sends as server-sent events, as `GET /watch` does: `id:` is the place to resume from. Keys that
 * were removed together come as one event each, and only the last one has an id.
 *
 * - `snapshot`: all keys that the watch covers. Always the first event unless the watch resumes; it replaces all the receiver knew.
 * - `put`: a key was written. `delete`: it was removed.
 * - `bookmark`, `reset`: as in a watch of instances.
 */
export type KeyEvent =
  | {
      readonly type: 'snapshot';
      readonly revision: number;
      readonly history: string;
      readonly records: readonly KeyRecord[];
    }
  | { readonly type: 'put'; readonly revision: number; readonly record: KeyRecord }
  | { readonly type: 'delete'; readonly revision: number; readonly key: string }
  | { readonly type: 'bookmark'; readonly revision: number }
  | { readonly type: 'reset'; readonly reason: 'compacted' | 'future' | 'history' };

/** Checks a {@link KeyEvent} that came over the wire. */
export const keyEventSchema: z.ZodType<KeyEvent> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    revision: z.int(),
    history: z.string(),
    records: z.array(keyRecordSchema),
  }),
  z.object({ type: z.literal('put'), revision: z.int(), record: keyRecordSchema }),
  z.object({ type: z.literal('delete'), revision: z.int(), key: z.string() }),
  z.object({ type: z.literal('bookmark'), revision: z.int() }),
  z.object({ type: z.literal('reset'), reason: z.enum(['compacted', 'future', 'history']) }),
]);
