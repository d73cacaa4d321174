import { Readable } from 'node:stream';
import type { Clock, Timer } from '@flotilla/contracts';

/** A reader that lets so much wait is gone or asleep, and is better off asking anew. */
const mostWaitingBytes = 4 * 1024 * 1024;
/** Proxies and browsers give up on a silent connection after about a minute. */
const silenceMs = 15_000;

/** Server-sent events to one reader. It ends when the reader leaves, or does not read. */
export class EventStream extends Readable {
  readonly #timer: { cancel(): void };

  constructor(clock: Clock) {
    super({ highWaterMark: 64 * 1024 });
    let timer: Timer;
    const beat = (): void => {
      timer = clock.after(silenceMs, () => {
        this.#write(': still here\n\n');
        beat();
      });
    };
    beat();
    this.#timer = { cancel: () => timer.cancel() };
    // How soon a browser asks again when the connection breaks.
    this.#write('retry: 1000\n\n');
  }

  /** Sends an event; `id` is what the reader sends back as `Last-Event-ID` when it asks again. */
  send(event: string, data: unknown, id?: string | number): void {
    // JSON has no line breaks of its own.
    this.#write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  /** Ends the stream: the reader will ask again. */
  finish(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null);
  }

  override _read(): void {
    // Everything is pushed as it comes.
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#timer.cancel();
    done(error);
  }

  #write(text: string): void {
    if (this.destroyed || this.readableEnded) return;
    if (this.readableLength > mostWaitingBytes) this.destroy();
    else this.push(text);
  }
}
