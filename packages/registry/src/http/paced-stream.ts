import { Readable } from 'node:stream';
import type { Clock, Timer } from '@flotilla/contracts';
import type { Turns } from './turns.ts';

/** What is known of the connection that takes a stream's bytes: a part of Node's socket. */
export interface Sink {
  /** Bytes handed to the socket, those included that still wait in it. */
  readonly bytesWritten: number;
  /** Bytes that the system has not taken yet. */
  readonly writableLength: number;
}

/**
 * Why a reader was cut off: it took nothing for too long, or so little that what it is sent would have been out of date
 * when it had all of it.
 */
export type CutOff = 'stalled' | 'slow';

/** How a {@link PacedStream} works. */
export interface PacedStreamOptions {
  readonly clock: Clock;
  readonly turns: Turns;
  /** The connection. Default: only the stream's own state tells whether the reader reads. */
  readonly sink?: Sink | undefined;
  /** A reader that takes nothing for so long, while there is something to take, is cut off. */
  readonly stalledAfterMs: number;
  /** A reader that needs longer than this for a whole that was begun is cut off. */
  readonly wholeWithinMs: number;
  /** Told when a reader is cut off. */
  readonly onCutOff?: ((why: CutOff) => void) | undefined;
}

/** About how much is made at a time. It bounds what one reader that does not read holds, and what one turn costs. */
const sliceLength = 65_536;

/** How often a socket that holds bytes is looked at, in milliseconds. */
const lookEveryMs = 5_000;

/**
 * Bytes that are made when the connection can take them, a slice at a time and in turn with all others, so that neither
 * a full registry nor a crowd of readers holds up the rest. Who leaves is made nothing more.
 */
export abstract class PacedStream extends Readable {
  readonly #options: PacedStreamOptions;
  #timer: Timer | undefined;
  /** The consumer wants more and there was nothing to give. */
  #hungry = false;
  #lastGivenMs: number;
  #lastProgressMs: number;
  /** The bytes that had left the socket when last looked at. */
  #sentBytes = 0;
  #wholeSinceMs: number | undefined;

  constructor(options: PacedStreamOptions) {
    super();
    this.#options = options;
    this.#lastGivenMs = this.nowMs;
    this.#lastProgressMs = this.nowMs;
  }

  /** Called when there is room: the next piece, of any size; undefined if there is none yet, null at the end. */
  protected abstract nextPiece(): string | undefined | null;

  /** What to say to a reader that has everything and heard nothing for `silentMs`; undefined for nothing. */
  protected abstract afterSilence(silentMs: number): string | undefined;

  /** The longest delay until `afterSilence` is to be asked. */
  protected abstract readonly silenceMs: number;

  protected get nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  protected get isHungry(): boolean {
    return this.#hungry;
  }

  /** Begins to watch the time; once what the subclass needs is there. */
  protected begin(): void {
    this.#armTimer();
  }

  /** Says that from now on something is sent that is only of use as a whole; false: that it was sent. */
  protected whole(isBegun: boolean): void {
    this.#wholeSinceMs = isBegun ? this.nowMs : undefined;
  }

  /** Says that there may be a next piece. */
  protected wake(): void {
    if (this.#hungry) this.#options.turns.add(this);
  }

  override _read(): void {
    this.#hungry = true;
    this.#lastProgressMs = this.nowMs;
    this.#options.turns.add(this);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#timer?.cancel();
    this.#options.turns.remove(this);
    done(error);
  }

  /** Gives the next slice, if one is wanted and there is one. */
  work(): void {
    if (!this.#hungry || this.destroyed || this.readableEnded) return;
    let text = '';
    let piece: string | undefined | null = '';
    while (text.length < sliceLength) {
      piece = this.nextPiece();
      if (typeof piece !== 'string') break;
      text += piece;
    }
    if (text !== '') this.#give(text);
    if (piece === null) this.push(null);
  }

  #give(text: string): void {
    this.#hungry = false;
    this.#lastGivenMs = this.nowMs;
    this.#lastProgressMs = this.nowMs;
    // Node asks again, by _read, as soon as there is room.
    this.push(text);
  }

  /** One timer for all kinds of silence; it is not moved with every slice, only looks when it fires. */
  #armTimer(): void {
    this.#timer = this.#options.clock.after(this.#nextLookMs(), () => {
      const cutOff = this.#look();
      if (cutOff !== undefined) {
        this.#options.onCutOff?.(cutOff);
        this.destroy();
        return;
      }
      this.#breakSilence();
      this.#armTimer();
    });
  }

  #nextLookMs(): number {
    const { stalledAfterMs, wholeWithinMs } = this.#options;
    const leftMs = [this.silenceMs - (this.nowMs - this.#lastGivenMs)];
    if (!this.#hungry) leftMs.push(stalledAfterMs - (this.nowMs - this.#lastProgressMs));
    if (this.#wholeSinceMs !== undefined) leftMs.push(wholeWithinMs - (this.nowMs - this.#wholeSinceMs));
    return Math.min(lookEveryMs, ...leftMs.map((ms) => (ms > 0 ? ms : lookEveryMs)));
  }

  /** Node calls a chunk taken when the socket has it in its own memory: only the socket knows what has really left. */
  #look(): CutOff | undefined {
    const { sink, stalledAfterMs, wholeWithinMs } = this.#options;
    const waiting = sink?.writableLength ?? 0;
    const sentBytes = (sink?.bytesWritten ?? 0) - waiting;
    const isBlocked = !this.#hungry || waiting > 0;
    if (!isBlocked || sentBytes !== this.#sentBytes) this.#lastProgressMs = this.nowMs;
    this.#sentBytes = sentBytes;
    if (this.nowMs - this.#lastProgressMs >= stalledAfterMs) return 'stalled';
    const isLate = this.#wholeSinceMs !== undefined && this.nowMs - this.#wholeSinceMs >= wholeWithinMs;
    return isLate ? 'slow' : undefined;
  }

  #breakSilence(): void {
    if (!this.#hungry) return;
    this.work();
    const text = this.isHungry ? this.afterSilence(this.nowMs - this.#lastGivenMs) : undefined;
    if (text !== undefined) this.#give(text);
  }
}
