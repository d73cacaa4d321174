import { keyPrefixSchema } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { Registry } from '../../registry.ts';
import { eventStreamHeaders, resumeFrom } from '../event-stream.ts';
import { revisionSchema } from '../long-poll.ts';
import { revisionHeader } from '../revision-header.ts';
import type { Sending } from '../sending.ts';
import type { WatchRouteOptions } from '../watch-changes.ts';
import { WatchStream } from '../watch-stream.ts';
import { keyFrames } from './key-frames.ts';
import type { KeyTexts } from './key-texts.ts';

interface WatchQuery {
  /** Left out: all keys. */
  readonly prefix?: string | undefined;
  readonly from?: number | undefined;
}

const querySchema: z.ZodType<WatchQuery> = z.strictObject({
  prefix: keyPrefixSchema.optional(),
  from: revisionSchema.optional(),
});

/** `GET /kv-watch?prefix=`: all changes of the keys that begin so, as server-sent events. */
export function watchKeys(
  app: HttpApp,
  registry: Registry,
  texts: KeyTexts,
  sending: Sending,
  { bookmarkAfterMs = 15_000 }: WatchRouteOptions,
): void {
  const config = { requestLogLevel: 'debug' } as const;
  app.get('/kv-watch', { schema: { querystring: querySchema }, config }, async (request, reply) => {
    const { prefix = '', from } = request.query;
    const place = resumeFrom(request.headers, from);
    reply.headers({ ...eventStreamHeaders, [revisionHeader]: registry.revision });
    if (request.method === 'HEAD') return reply.send();
    return reply.send(
      new WatchStream({
        watch: (listeners) => registry.keys.watch({ prefix, ...place, ...listeners }),
        frames: (event) => keyFrames(event, prefix, texts),
        bookmarkAfterMs,
        ...sending.paced(request, 'watch'),
      }),
    );
  });
}
