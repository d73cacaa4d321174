import { AppError, rule, ruleIssue } from '@flotilla/contracts';
import { z } from 'zod';
import { type HttpApp, waitForNews } from '../http/index.ts';
import type { EventFeed, FeedPage } from './event-feed.ts';
import { eventJson } from './event-json.ts';
import type { EventSchemas } from './event-kinds.ts';
import { eventsPath } from './event-source.ts';

/** The most events in one answer. */
const maxLimit = 1_000;
/** Callers' deadlines and proxies end longer waits. */
const maxWaitMs = 60_000;

const unitsMs: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000 };

const querySchema = z.strictObject({
  after: z
    .string()
    .refine(
      (text) => /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)),
      rule('NOT_DIGITS', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    )
    .transform(Number)
    .optional(),
  limit: z
    .string()
    .refine(
      (text) => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= maxLimit,
      rule('NOT_DIGITS', { min: 1, max: maxLimit }),
    )
    .transform(Number)
    .optional(),
  wait: z
    .string()
    .transform((text, context) => {
      const [, digits, unit = ''] = /^(\d{1,9})(ms|s|m)?$/.exec(text) ?? [];
      const ms = digits === undefined ? undefined : Number(digits) * (unitsMs[unit] ?? 1);
      if (ms !== undefined && ms <= maxWaitMs) return ms;
      context.addIssue(ruleIssue('NOT_A_WAIT', { max: '60s' }));
      return z.NEVER;
    })
    .optional(),
});

/**
 * Serves a feed: `GET /events?after=41&limit=100&wait=30s` answers with the events after position 41, at most 100, and waits
 * up to 30 seconds (at most 60) if there is none. Without `after` it only says where the feed stands.
 */
export function addEventFeed<Schemas extends EventSchemas>(app: HttpApp, feed: EventFeed<Schemas>): void {
  // Consumers ask every few seconds: a line for each answer would hide the rest.
  const config = { requestLogLevel: 'debug' } as const;
  app.get(eventsPath, { config, schema: { querystring: querySchema } }, async (request, reply) => {
    const { after, limit, wait: waitMs } = request.query;
    // Only the connection tells that the caller has left: a request without a body is over as soon as it has come.
    const { socket } = request.raw;
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    socket.once('close', leave);
    const read = (): Promise<FeedPage> => feed.read({ after, limit, waitMs, signal: gone.signal });
    const page = await (waitMs === undefined ? read() : waitForNews(request, read)).finally(() =>
      socket.off('close', leave),
    );
    if (page.kind === 'gone') throw new AppError('EVENTS_GONE');
    return reply
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(feedJson(feed.source, page));
  });
}

function feedJson(
  source: string,
  { feed, oldest, newest, events }: Extract<FeedPage, { readonly kind: 'events' }>,
): string {
  const head = JSON.stringify({ feed, oldest, newest });
  return `${head.slice(0, -1)},"events":[${events.map((event) => eventJson(source, event)).join(',')}]}`;
}
