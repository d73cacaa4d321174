import type { Bookmark, Reset, Watch } from '../watch/ring-watch.ts';
import { firstFrame } from './event-frames.ts';
import { PacedStream, type PacedStreamOptions } from './paced-stream.ts';

/** What a watch tells. */
interface Event {
  readonly type: string;
}

/** Who a watch tells that there is something to read, or that it ends. */
export interface WatchListeners {
  readonly onReady: () => void;
  readonly onEnd: () => void;
}

/** How a {@link WatchStream} works. */
export interface WatchStreamOptions<T extends Event> extends PacedStreamOptions {
  /** Begins the watch. */
  readonly watch: (listeners: WatchListeners) => Watch<T>;
  /** Writes an event as server-sent events, in pieces. */
  readonly frames: (event: T | Bookmark | Reset) => Iterator<string, void, void>;
  /** Silence after which a bookmark is sent, so that both sides notice a dead connection. */
  readonly bookmarkAfterMs: number;
}

/** Events that are read at a time. */
const eventsPerRead = 64;

/**
 * The bytes of one watch. A slow reader holds one slice, and its place in the registry's history; if it falls behind
 * that, it is told so and begins anew with a snapshot.
 */
export class WatchStream<T extends Event> extends PacedStream {
  readonly #options: WatchStreamOptions<T>;
  readonly #watch: Watch<T>;
  #events: (T | Bookmark | Reset)[] = [];
  /** What is left of the event that is being sent. */
  #pieces: Iterator<string, void, void> | undefined;

  /** @throws {AppError} OVERLOADED when too many watch already */
  constructor(options: WatchStreamOptions<T>) {
    super(options);
    this.#options = options;
    this.#watch = options.watch({ onReady: () => this.wake(), onEnd: () => this.#end() });
    this.push(firstFrame);
    this.begin();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#watch.close();
    this.#events = [];
    this.#pieces = undefined;
    super._destroy(error, done);
  }

  protected override get silenceMs(): number {
    return this.#options.bookmarkAfterMs;
  }

  protected override nextPiece(): string | undefined {
    for (;;) {
      const piece = this.#pieces?.next();
      if (piece?.done === false) return piece.value;
      if (piece?.done === true) this.whole(false);
      this.#pieces = undefined;
      if (this.#events.length === 0) this.#events.push(...this.#watch.read(eventsPerRead));
      const event = this.#events.shift();
      if (event === undefined) return undefined;
      if (event.type === 'snapshot') this.whole(true);
      this.#pieces = this.#options.frames(event);
    }
  }

  protected override afterSilence(silentMs: number): string | undefined {
    const { bookmarkAfterMs, frames } = this.#options;
    if (silentMs < bookmarkAfterMs) return undefined;
    let text = '';
    const pieces = frames(this.#watch.bookmark());
    for (let piece = pieces.next(); piece.done !== true; piece = pieces.next()) text += piece.value;
    return text;
  }

  /** A reader that is blocked would not come to the end by itself, and hold up the stop. */
  #end(): void {
    this.work();
    if (this.isHungry) this.push(null);
    else this.destroy();
  }
}
