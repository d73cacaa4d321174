import { AppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { Registry } from '../../registry.ts';
import { type PollQuery, pollQueryShape, waitForChange } from '../long-poll.ts';
import { revisionHeader } from '../revision-header.ts';
import { flagSchema, keyParametersSchema } from './key-parameters.ts';
import type { KeyTexts } from './key-texts.ts';
import { isKnown, tagOf } from './preconditions.ts';

interface ReadQuery extends PollQuery {
  /** The value alone, as its bytes. */
  readonly raw?: boolean | undefined;
}

const querySchema: z.ZodType<ReadQuery> = z.strictObject({ raw: flagSchema, ...pollQueryShape });

/**
 * `GET /kv/{key}`: one key. With `index` it waits until the key has changed since: it was written, removed, or has come to be.
 */
export function readKey(app: HttpApp, registry: Registry, texts: KeyTexts): void {
  const schema = { params: keyParametersSchema, querystring: querySchema };
  app.get('/kv/*', { schema }, async (request, reply) => {
    const { '*': key } = request.params;
    const { raw } = request.query;
    const topic = registry.keys.topicOfKey(key);
    await waitForChange(registry.topics, topic, request.query, request);
    reply.header(revisionHeader, registry.topics.indexOf(topic));
    const entry = registry.keys.get(key);
    if (entry === undefined) throw new AppError('KEY_NOT_FOUND', { parameters: { key } });
    reply.header('etag', tagOf(entry));
    if (isKnown(request.headers, entry)) return reply.code(304).send();
    if (raw !== true) return reply.type('application/json; charset=utf-8').send(texts.textOf(entry));
    // Whatever the bytes are, no browser is to take them for a page.
    reply.headers({ 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox' });
    return reply.type('application/octet-stream').send(Buffer.from(entry.value, 'base64'));
  });
}
