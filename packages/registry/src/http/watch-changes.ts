import { serviceNameSchema } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { Registry } from '../registry.ts';
import { framePieces } from './event-frames.ts';
import { eventStreamHeaders, resumeFrom } from './event-stream.ts';
import { revisionSchema } from './long-poll.ts';
import { revisionHeader } from './revision-header.ts';
import type { Sending } from './sending.ts';
import { WatchStream } from './watch-stream.ts';

/** How the watch routes work. */
export interface WatchRouteOptions {
  /** Silence after which a bookmark is sent, in milliseconds. Default 15 000: below the idle timeouts of common proxies. */
  readonly bookmarkAfterMs?: number;
}

interface WatchQuery {
  readonly service?: readonly string[] | undefined;
  readonly from?: number | undefined;
}

const watchQuerySchema: z.ZodType<WatchQuery> = z.strictObject({
  service: z.array(serviceNameSchema).max(100).optional(),
  from: revisionSchema.optional(),
});

/** `GET /watch`: all changes as server-sent events. */
export function watchChanges(
  app: HttpApp,
  registry: Registry,
  sending: Sending,
  { bookmarkAfterMs = 15_000 }: WatchRouteOptions,
): void {
  // Its line comes when the stream ends, hours after the request, and clients say themselves when they lose the registry.
  const config = { requestLogLevel: 'debug' } as const;
  app.get('/watch', { schema: { querystring: watchQuerySchema }, config }, async (request, reply) => {
    const { service, from } = request.query;
    const place = resumeFrom(request.headers, from);
    reply.headers({ ...eventStreamHeaders, [revisionHeader]: registry.revision });
    // A stream nobody reads would never end.
    if (request.method === 'HEAD') return reply.send();
    return reply.send(
      new WatchStream({
        watch: (listeners) =>
          registry.watch({ services: service === undefined ? undefined : new Set(service), ...place, ...listeners }),
        frames: (event) => framePieces(event, sending.texts),
        bookmarkAfterMs,
        ...sending.paced(request, 'watch'),
      }),
    );
  });
}
