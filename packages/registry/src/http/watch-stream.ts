import { Readable } from 'node:stream';
import type { Clock, Timer } from '@flotilla/contracts';
import type { Registry } from '../registry.ts';
import type { Watch, WatchRequest } from '../watch/watch-hub.ts';
import { type EventFrames, firstFrame } from './event-frames.ts';

/** How a {@link WatchStream} works. */
export interface WatchStreamOptions {
  readonly registry: Pick<Registry, 'watch'>;
  readonly request: Pick<WatchRequest, 'services' | 'from' | 'history'>;
  readonly clock: Clock;
  readonly frames: EventFrames;
  /** Silence after which a bookmark is sent, so that both sides notice a dead connection. */
  readonly bookmarkAfterMs: number;
  /** A reader that takes nothing for so long, while there is something to take, is cut off. */
  readonly stalledAfterMs: number;
}

/** Events that are made into one chunk. */
const eventsPerChunk = 64;

/**
 * The bytes of one watch. They are made when the connection can take them: a slow reader holds one chunk, and its place
 * in the registry's history; if it falls behind that, it is told so and begins anew with a snapshot.
 */
export class WatchStream extends Readable {
  readonly #options: WatchStreamOptions;
  readonly #watch: Watch;
  #timer: Timer | undefined;
  /** The consumer wants more and there was nothing to give. */
  #hungry = false;
  #lastPushMs: number;

  /** @throws {AppError} OVERLOADED when too many watch already */
  constructor(options: WatchStreamOptions) {
    super();
    this.#options = options;
    this.#watch = options.registry.watch({
      ...options.request,
      onReady: () => this.#feed(),
      onEnd: () => this.#end(),
    });
    this.#lastPushMs = options.clock.monotonicMs();
    this.push(firstFrame);
    this.#armTimer(options.bookmarkAfterMs);
  }

  override _read(): void {
    this.#hungry = true;
    this.#feed();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#timer?.cancel();
    this.#watch.close();
    done(error);
  }

  #feed(): void {
    if (!this.#hungry || this.destroyed || this.readableEnded) return;
    const events = this.#watch.read(eventsPerChunk);
    if (events.length > 0) this.#give(events.map((event) => this.#options.frames.frameOf(event)).join(''));
  }

  #give(text: string): void {
    this.#hungry = false;
    this.#lastPushMs = this.#options.clock.monotonicMs();
    // Node asks again, by _read, as soon as there is room.
    this.push(text);
  }

  /** A reader that is blocked would not come to the end by itself, and hold up the stop. */
  #end(): void {
    if (this.#hungry) this.push(null);
    else this.destroy();
  }

  /** One timer for both kinds of silence; it is not moved with every event, only looks when it fires. */
  #armTimer(delayMs: number): void {
    this.#timer = this.#options.clock.after(delayMs, () => {
      const silentMs = this.#options.clock.monotonicMs() - this.#lastPushMs;
      const { bookmarkAfterMs, stalledAfterMs } = this.#options;
      if (this.#hungry && silentMs >= bookmarkAfterMs) {
        this.#give(this.#options.frames.frameOf(this.#watch.bookmark()));
      } else if (!this.#hungry && silentMs >= stalledAfterMs) {
        this.destroy();
        return;
      }
      const limitMs = this.#hungry ? bookmarkAfterMs : stalledAfterMs;
      const leftMs = limitMs - (this.#options.clock.monotonicMs() - this.#lastPushMs);
      this.#armTimer(Math.min(bookmarkAfterMs, Math.max(1, leftMs)));
    });
  }
}
