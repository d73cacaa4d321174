import { AppError, keyPrefixSchema, ruleIssue } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { pageQueryShape } from '@flotilla/kit/resource';
import { z } from 'zod';
import type { KeyEntry } from '../../keys/key-entry.ts';
import type { Registry } from '../../registry.ts';
import { linkToPage } from '../list-page.ts';
import { ListStream } from '../list-stream.ts';
import { type PollQuery, pollQueryShape, waitForChange } from '../long-poll.ts';
import { revisionHeader } from '../revision-header.ts';
import type { Sending } from '../sending.ts';
import { flagSchema } from './key-parameters.ts';
import type { KeyTexts } from './key-texts.ts';
import { ListTexts } from './list-texts.ts';

interface ListQuery extends PollQuery {
  /** Left out: all keys. */
  readonly prefix?: string | undefined;
  /** The names alone. */
  readonly keys?: boolean | undefined;
  readonly limit?: number | undefined;
  /** The list begins after this key. */
  readonly cursor?: string | undefined;
}

const querySchema: z.ZodType<ListQuery> = z.strictObject({
  prefix: keyPrefixSchema.optional(),
  keys: flagSchema,
  limit: pageQueryShape.limit,
  cursor: z
    .string()
    .transform((text, context) => {
      const key = keyOf(text);
      if (key !== undefined) return key;
      context.addIssue(ruleIssue('NOT_A_CURSOR'));
      return z.NEVER;
    })
    .optional(),
  ...pollQueryShape,
});

/** The most long lists under way at the same time. */
const maxStreams = 128;

/**
 * `GET /kv?prefix=`: the keys that begin so, in the order of their bytes; their names alone with `keys=true`. With `index` it
 * waits until one of them has been written or removed.
 */
export function listKeys(app: HttpApp, registry: Registry, texts: KeyTexts, sending: Sending): void {
  const streams = new Set<ListStream>();
  const lists = new ListTexts();

  // Programs ask again and again, for as long as they run.
  const config = { requestLogLevel: 'debug' } as const;
  app.get('/kv', { schema: { querystring: querySchema }, config }, async (request, reply) => {
    const { prefix = '', keys, limit = Number.POSITIVE_INFINITY, cursor } = request.query;
    const topic = registry.keys.topicOfPrefix(prefix);
    await waitForChange(registry.topics, topic, request.query, request);
    const index = registry.topics.indexOf(topic);
    const [page, isMore] = firstOf(registry.keys.under(prefix, cursor), limit);
    if (isMore) reply.header('link', linkToPage(request.url, cursorOf(page.at(-1)?.key ?? '')));
    reply.header(revisionHeader, index).type('application/json; charset=utf-8');
    const show = (entry: KeyEntry): string => (keys === true ? JSON.stringify(entry.key) : texts.textOf(entry));
    const name = JSON.stringify([registry.history, index, prefix, keys, limit, cursor]);
    const text = lists.textOf(name, page, show);
    if (text !== undefined) return reply.send(text);
    if (streams.size >= maxStreams)
      throw new AppError('OVERLOADED', {
        detail: `The registry sends at most ${maxStreams} long lists of keys at the same time`,
        retryAfterMs: 1_000,
      });
    if (request.method === 'HEAD') return reply.send();
    const stream = new ListStream(page.values().map(show), sending.paced(request, 'list'));
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    return reply.send(stream);
  });
}

function firstOf(entries: Iterable<KeyEntry>, limit: number): readonly [page: readonly KeyEntry[], isMore: boolean] {
  const page: KeyEntry[] = [];
  for (const entry of entries) {
    if (page.length === limit) return [page, true];
    page.push(entry);
  }
  return [page, false];
}

function cursorOf(key: string): string {
  return Buffer.from(`after:${key}`).toString('base64url');
}

/** The key that a cursor stands for. Base64 has several spellings of the same bytes; only ours is one. */
function keyOf(cursor: string): string | undefined {
  const text = cursor.length > 1_024 ? '' : Buffer.from(cursor, 'base64url').toString();
  const key = text.slice('after:'.length);
  return text.startsWith('after:') && cursorOf(key) === cursor ? key : undefined;
}
