import { AppError, type Clock } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import { EventStream } from './event-stream.ts';

/** More pages than anybody has open. A browser opens six connections to one server, so each page has one stream. */
const mostStreams = 100;

/** Where a stream is served, and what it may be asked. */
export interface StreamPlace<Query> {
  readonly path: string;
  readonly query: z.ZodType<Query>;
}

/** The query of a stream that takes none. */
export const noQuery: z.ZodType<object> = z.strictObject({});

/** The streams of events that are open. */
export class EventStreams {
  readonly #clock: Clock;
  readonly #open = new Set<EventStream>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Serves a stream. `begin` sends what is there, and returns what ends the sending; `lastId` is the id of the last event that the
   * reader got by an earlier connection.
   */
  serve<Query>(
    app: HttpApp,
    { path, query }: StreamPlace<Query>,
    begin: (stream: EventStream, query: Query, lastId: string | undefined) => () => void,
  ): void {
    app.get(path, { config: { requestLogLevel: 'debug' }, schema: { querystring: query } }, (request, reply) => {
      if (this.#open.size >= mostStreams)
        throw new AppError('OVERLOADED', {
          detail: `The dashboard sends at most ${mostStreams} streams of events at the same time. Close some of its pages.`,
          retryAfterMs: 5_000,
        });
      const stream = new EventStream(this.#clock);
      this.#open.add(stream);
      const lastId = request.headers['last-event-id'];
      // The schema has checked it; what the provider of types makes of a generic one is not seen through.
      const end = begin(stream, request.query as Query, typeof lastId === 'string' ? lastId : undefined);
      stream.once('close', () => {
        this.#open.delete(stream);
        end();
      });
      return reply
        .headers({
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        .send(stream);
    });
  }

  /** Ends all, so that the program can stop. */
  close(): void {
    for (const stream of this.#open) stream.finish();
  }
}
