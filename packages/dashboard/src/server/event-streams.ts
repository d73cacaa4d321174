import { AppError, type Clock } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { EventStream } from './event-stream.ts';

/** More pages than anybody has open. A browser opens six connections to one server, so each page has one stream. */
const mostStreams = 100;

/** The streams of events that are open. */
export class EventStreams {
  readonly #clock: Clock;
  readonly #open = new Set<EventStream>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Serves a stream at `path`. `begin` sends what is there, and returns what ends the sending. */
  serve<Query>(app: HttpApp, path: string, begin: (stream: EventStream, query: Query) => () => void): void {
    app.get(path, { config: { requestLogLevel: 'debug' } }, (request, reply) => {
      if (this.#open.size >= mostStreams)
        throw new AppError('OVERLOADED', {
          detail: `The dashboard sends at most ${mostStreams} streams of events at the same time. Close some of its pages.`,
          retryAfterMs: 5_000,
        });
      const stream = new EventStream(this.#clock);
      this.#open.add(stream);
      const end = begin(stream, request.query as Query); // Checked by `begin`.
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
