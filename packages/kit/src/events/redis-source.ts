import type { Clock } from '@flotilla/contracts';
import { pause } from '@flotilla/contracts/time';
import type { Redis } from '../redis/index.ts';
import { type ReceivedEvent, receivedEventSchema } from './event-json.ts';
import type { EventSource, EventsAnswer, EventsRequest, FeedEnds } from './event-source.ts';
import { readEntries, type StreamEntry, streamKey } from './redis-stream.ts';

/** What {@link createRedisEventSource} needs. */
export interface RedisEventSourceOptions {
  readonly redis: Redis;
  /** The service that publishes the events. */
  readonly service: string;
  /** Its HTTP feed: what the stream does not have is asked there. */
  readonly feed: EventSource;
  readonly clock: Clock;
}

/** How often to look for news. The connection is shared, so it cannot wait in Redis. */
const pollMs = 50;
/** How long to wait for Redis before the feed is asked. */
const replyTimeoutMs = 500;
/** How often the feed is asked while the stream has no news: nobody may relay. */
const askFeedMs = 2_000;

/**
 * Reads events from a Redis Stream, and from the HTTP feed whenever the stream cannot go on exactly where the reader stands: if
 * Redis is away or has lost entries, if the reader is too far behind, or nobody relays.
 */
export function createRedisEventSource({ redis, service, feed, clock }: RedisEventSourceOptions): EventSource {
  const key = streamKey(service);

  /**
   * What the stream has after a position; undefined if it does not have that position itself, or nothing can be read. A stream of
   * another feed has nothing: it may be left from a database that was replaced, or of other services that use the same Redis.
   */
  const look = async ({ feed: name, after, limit }: EventsRequest): Promise<readonly StreamEntry[] | undefined> => {
    if (after === 0 || redis.run === undefined) return undefined;
    try {
      const reply = await redis.call(['XRANGE', key, `${after}-0`, '+', 'COUNT', limit + 1], replyTimeoutMs);
      const entries = readEntries(reply);
      if (entries === undefined || entries.length === 0) return undefined;
      const isWhole = entries.every((entry, index) => entry.position === after + index && entry.feed === name);
      return isWhole ? entries : undefined;
    } catch {
      return undefined;
    }
  };

  const read = async (request: EventsRequest): Promise<EventsAnswer> => {
    const { feed: name, after, waitMs, signal } = request;
    const endMs = clock.monotonicMs() + waitMs;
    let askMs = clock.monotonicMs() + askFeedMs;
    for (;;) {
      const entries = await look(request);
      const nowMs = clock.monotonicMs();
      if (entries === undefined)
        // One of two waits: a source over HTTP prepares for each length of wait.
        return feed.read({ ...request, waitMs: endMs - nowMs >= askFeedMs ? askFeedMs : 0 });
      const events = entries.slice(1).map(({ json }) => readEvent(json));
      const whole = events.filter((event) => event !== undefined);
      // Somebody else has written to the stream.
      if (whole.length < events.length) return feed.read({ ...request, waitMs: 0 });
      const ends: FeedEnds = { feed: name, oldest: after, newest: whole.at(-1)?.position ?? after };
      if (whole.length > 0 || nowMs >= endMs || signal.aborted) return { kind: 'events', ...ends, events: whole };
      if (nowMs >= askMs) {
        const answer = await feed.read({ ...request, waitMs: 0 }).catch(() => undefined);
        if (answer !== undefined && (answer.kind === 'gone' || answer.feed !== ends.feed || answer.events.length > 0))
          return answer;
        askMs = clock.monotonicMs() + askFeedMs;
      }
      await pause(clock, pollMs, signal);
    }
  };
  return { ends: (signal) => feed.ends(signal), read };
}

function readEvent(json: string): ReceivedEvent | undefined {
  try {
    const read = receivedEventSchema.safeParse(JSON.parse(json));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
