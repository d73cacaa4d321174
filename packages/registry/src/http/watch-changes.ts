import { AppError, headerNames, rule, serviceNameSchema } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { Registry } from '../registry.ts';
import { revisionHeader } from './revision-header.ts';
import type { Sending } from './sending.ts';
import { WatchStream } from './watch-stream.ts';

/** How the watch route works. */
export interface WatchRouteOptions {
  /** Silence after which a bookmark is sent, in milliseconds. Default 15 000: below the idle timeouts of common proxies. */
  readonly bookmarkAfterMs?: number;
}

/** A revision in a query or header: digits, and a number that can be counted to. */
const revisionPattern = /^\d{1,16}$/;
const revisionRule = rule('NOT_A_REVISION', { max: Number.MAX_SAFE_INTEGER });

interface WatchQuery {
  readonly service?: readonly string[] | undefined;
  readonly from?: string | undefined;
}

const watchQuerySchema: z.ZodType<WatchQuery> = z.strictObject({
  service: z.array(serviceNameSchema).max(100).optional(),
  from: z.string().refine(isRevision, revisionRule).optional(),
});

/**
 * `GET /watch`: all changes as server-sent events. `Last-Event-ID` goes before `from`: a browser that comes back sends
 * it with the address it began with.
 */
export function watchChanges(
  app: HttpApp,
  registry: Registry,
  sending: Sending,
  { bookmarkAfterMs = 15_000 }: WatchRouteOptions,
): void {
  // Its line comes when the stream ends, hours after the request, and clients say themselves when they lose the registry.
  const config = { requestLogLevel: 'debug' } as const;
  app.get('/watch', { schema: { querystring: watchQuerySchema }, config }, async (request, reply) => {
    if (!acceptsEventStream(request.headers.accept)) throw new AppError('NOT_ACCEPTABLE');
    const { service, from } = request.query;
    const resumeAt = lastEventId(request.headers['last-event-id']) ?? from;
    reply.headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Tells nginx not to gather the events.
      'x-accel-buffering': 'no',
      [revisionHeader]: registry.revision,
      // A watch has its connection for itself: once it ends, nothing is to keep it open.
      connection: 'close',
    });
    // A stream nobody reads would never end.
    if (request.method === 'HEAD') return reply.send();
    return reply.send(
      new WatchStream({
        registry,
        request: {
          services: service === undefined ? undefined : new Set(service),
          from: resumeAt === undefined ? undefined : Number(resumeAt),
          history: historyOf(request.headers[headerNames.registryHistory]),
        },
        texts: sending.texts,
        bookmarkAfterMs,
        ...sending.paced(request, 'watch'),
      }),
    );
  });
}

function historyOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header : undefined;
}

function isRevision(text: string): boolean {
  return revisionPattern.test(text) && Number.isSafeInteger(Number(text));
}

/** Reads the header; the empty value is what a browser has that never saw an id. */
function lastEventId(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header === 'string' && isRevision(header)) return header;
  throw new AppError('INVALID_REQUEST', { fields: [{ field: 'last-event-id', ...revisionRule.params.rule }] });
}

/** Whether an `Accept` header (RFC 9110, 12.5.1) allows an event stream: the most specific range that covers it decides. */
function acceptsEventStream(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((text) => text.trim()));
  for (const type of ['text/event-stream', 'text/*', '*/*']) {
    const range = ranges.find(([name]) => name === type);
    if (range !== undefined) return !range.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
  }
  return false;
}
