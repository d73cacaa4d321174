import { AppError, type Clock, type Discovery, type ErrorKind } from '@flotilla/contracts';
import { z } from 'zod';
import { createServiceCaller, endpointUrl } from '../calling/index.ts';
import { createHttpClient, describeFailure } from '../client/index.ts';
import { type ReceivedEvent, receivedEventSchema } from './event-json.ts';
import { type EventSource, type EventsAnswer, eventsPath, type FeedEnds } from './event-source.ts';

/** What {@link createHttpEventSource} needs. */
export interface HttpEventSourceOptions {
  readonly discovery: Discovery;
  readonly clock: Clock;
  /** The service that publishes the events, by the name it registers under. */
  readonly service: string;
  /** The error while no instance of it answers: a 503 of its contract. */
  readonly unavailable: ErrorKind<never>;
}

/** An {@link EventSource} that asks a service over HTTP, and holds connections. */
export interface HttpEventSource extends EventSource {
  close(): void;
}

/** How long an answer may take in addition to the wait that was asked for. */
const graceMs = 5_000;
/** A page has at most a mebi characters of data and an event more, each of up to three bytes. */
const maxBodyBytes = 8 * 1_048_576;

const answerSchema: z.ZodType<FeedEnds & { readonly events: readonly ReceivedEvent[] }> = z.object({
  feed: z.string().min(1),
  oldest: z.int().min(1),
  newest: z.int().min(0),
  events: z.array(receivedEventSchema),
});

/** Reads the feed that a service serves with `addEventFeed`. */
export function createHttpEventSource({
  discovery,
  clock,
  service,
  unavailable,
}: HttpEventSourceOptions): HttpEventSource {
  const http = createHttpClient();
  /** Waits are part of a request, so there is a caller for each length of wait: in practice two. */
  const callers = new Map<number, ReturnType<typeof createServiceCaller>>();
  const callerFor = (waitMs: number): ReturnType<typeof createServiceCaller> => {
    const known = callers.get(waitMs);
    if (known !== undefined) return known;
    const attemptTimeoutMs = waitMs + graceMs;
    const made = createServiceCaller({
      discovery,
      clock,
      service,
      unavailable,
      attemptTimeoutMs,
      deadlineMs: attemptTimeoutMs,
    });
    callers.set(waitMs, made);
    return made;
  };

  const ask = (
    query: string,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<z.output<typeof answerSchema> | undefined> =>
    callerFor(waitMs).call(async (endpoint, { timeoutMs }) => {
      signal.throwIfAborted();
      const result = await http.tryService({
        // The signal of the caller's own deadline would come no sooner than the time limit.
        ...{ timeoutMs, signal },
        baseUrl: endpointUrl(endpoint),
        path: `${eventsPath}${query}`,
        schema: answerSchema,
        maxBodyBytes,
        clock,
      });
      if (result.kind === 'ok') return result.value;
      // The code, not only the status: something else at this address could also answer 410.
      if (result.kind === 'status' && result.code === 'EVENTS_GONE') return undefined;
      throw new AppError(unavailable, { cause: describeFailure(result) });
    });

  return {
    async ends(signal) {
      const answer = await ask('', 0, signal);
      if (answer === undefined) throw new AppError(unavailable);
      return answer;
    },
    async read({ after, limit, waitMs, signal }): Promise<EventsAnswer> {
      const answer = await ask(`?after=${after}&limit=${limit}&wait=${waitMs}ms`, waitMs, signal);
      return answer === undefined ? { kind: 'gone' } : { kind: 'events', ...answer };
    },
    close: () => http.close(),
  };
}
