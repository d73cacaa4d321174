import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What one token may do. A prefix stands for all names that begin with it; the empty one for every name. */
export interface TokenEntry {
  /** What logs and the audit trail call it. */
  readonly name: string;
  /** SHA-256 of the token, in hexadecimal. Undefined: the entry is for those who show no token. */
  readonly digest: string | undefined;
  /** Services that it may register, renew and deregister. Default: none. */
  readonly register: readonly string[];
  /** Whether it may look up services. Default true. */
  readonly discover: boolean;
  /** Keys that it may read. Default: none. */
  readonly readKeys: readonly string[];
  /** Keys that it may write. Default: none. */
  readonly writeKeys: readonly string[];
  /** Whether it may do what operators do: maintenance, draining and deregistering anything, the audit trail. Default false. */
  readonly operate: boolean;
  /** The most requests in a second, on average; up to twice as many at once. Default: no limit. */
  readonly maxRequestsPerSecond: number | undefined;
}

/** The most tokens. */
const maxTokens = 10_000;

const prefixes = z.array(z.string().max(512)).max(1_000).default([]);
const entrySchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(64)
      .regex(/^[A-Za-z0-9._@-]+$/),
    token: z
      .string()
      .regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 characters of visible ASCII')
      .optional(),
    token_sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
      .optional(),
    register: prefixes,
    discover: z.boolean().default(true),
    read_keys: prefixes,
    write_keys: prefixes,
    operate: z.boolean().default(false),
    max_requests_per_second: z.number().min(0.1).max(1_000_000).optional(),
  })
  .superRefine((entry, context) => {
    const isAnonymous = entry.name === anonymous;
    const given = [entry.token, entry.token_sha256].filter((value) => value !== undefined).length;
    if (isAnonymous && given > 0)
      context.addIssue({ code: 'custom', message: `is for those who show no token, so it has none`, path: ['token'] });
    if (!isAnonymous && given !== 1)
      context.addIssue({ code: 'custom', message: 'needs either token or token_sha256', path: ['token'] });
  });

/** The name of the entry for those who show no token. */
export const anonymous = 'anonymous';

/** Tokens that were read, or what is wrong with them, without any of their characters. */
export type TokenList =
  | { readonly ok: true; readonly entries: readonly TokenEntry[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads a list of tokens: a JSON array of entries. */
export function readTokenList(text: string): TokenList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What JSON.parse says quotes the text.
    return { ok: false, problems: ['it is not valid JSON'] };
  }
  if (!Array.isArray(value)) return { ok: false, problems: ['it must be an array of tokens'] };
  if (value.length > maxTokens) return { ok: false, problems: [`it must have at most ${maxTokens} tokens`] };
  const entries: TokenEntry[] = [];
  const problems: string[] = [];
  for (const [index, item] of value.entries()) {
    const parsed = entrySchema.safeParse(item);
    if (parsed.success) entries.push(entryOf(parsed.data));
    else
      for (const { path, message } of parsed.error.issues)
        problems.push(`[${index}]${path.map((part) => `.${String(part)}`).join('')}: ${message}`);
  }
  for (const [what, values] of [
    ['name', entries.map(({ name }) => name)],
    ['token', entries.flatMap(({ digest }) => digest ?? [])],
  ] as const)
    for (const [index, one] of values.entries())
      if (values.indexOf(one) !== index)
        problems.push(`[${index}]: has the same ${what} as another entry${what === 'name' ? `: ${one}` : ''}`);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, entries };
}

/** SHA-256 of a token, in hexadecimal. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function entryOf(data: z.output<typeof entrySchema>): TokenEntry {
  const { name, token, token_sha256, register, discover, read_keys, write_keys, operate } = data;
  return {
    name,
    digest: token === undefined ? token_sha256?.toLowerCase() : digestOf(token),
    register,
    discover,
    readKeys: read_keys,
    writeKeys: write_keys,
    operate,
    maxRequestsPerSecond: data.max_requests_per_second,
  };
}
