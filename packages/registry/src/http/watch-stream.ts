import type { WatchEvent } from '@flotilla/contracts';
import type { Registry } from '../registry.ts';
import type { Watch, WatchRequest } from '../watch/ring-watch.ts';
import { firstFrame, framePieces } from './event-frames.ts';
import type { InstanceTexts } from './instance-texts.ts';
import { PacedStream, type PacedStreamOptions } from './paced-stream.ts';

/** How a {@link WatchStream} works. */
export interface WatchStreamOptions extends PacedStreamOptions {
  readonly registry: Pick<Registry, 'watch'>;
  readonly request: Pick<WatchRequest, 'services' | 'from' | 'history'>;
  readonly texts: InstanceTexts;
  /** Silence after which a bookmark is sent, so that both sides notice a dead connection. */
  readonly bookmarkAfterMs: number;
}

/** Events that are read at a time. */
const eventsPerRead = 64;

/**
 * The bytes of one watch. A slow reader holds one slice, and its place in the registry's history; if it falls behind
 * that, it is told so and begins anew with a snapshot.
 */
export class WatchStream extends PacedStream {
  readonly #watch: Watch;
  readonly #texts: InstanceTexts;
  readonly #bookmarkAfterMs: number;
  #events: WatchEvent[] = [];
  /** What is left of the event that is being sent. */
  #pieces: Iterator<string, void, void> | undefined;

  /** @throws {AppError} OVERLOADED when too many watch already */
  constructor(options: WatchStreamOptions) {
    super(options);
    this.#texts = options.texts;
    this.#bookmarkAfterMs = options.bookmarkAfterMs;
    this.#watch = options.registry.watch({
      ...options.request,
      onReady: () => this.wake(),
      onEnd: () => this.#end(),
    });
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
    return this.#bookmarkAfterMs;
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
      this.#pieces = framePieces(event, this.#texts);
    }
  }

  protected override afterSilence(silentMs: number): string | undefined {
    if (silentMs < this.#bookmarkAfterMs) return undefined;
    return [...framePieces(this.#watch.bookmark(), this.#texts)].join('');
  }

  /** A reader that is blocked would not come to the end by itself, and hold up the stop. */
  #end(): void {
    this.work();
    if (this.isHungry) this.push(null);
    else this.destroy();
  }
}
