import type { ServerHttp2Stream } from 'node:http2';
import { Alarm, type TimerWheel } from '../time/timer-wheel.ts';

/** So many frames of a session may wait before no more interim answers are sent. */
const maxWaitingFrames = 64;
/** How often a full queue is looked at. */
const lookEveryMs = 100;

/**
 * Interim answers on their way to a client of HTTP/2. No window bounds them as it bounds bodies: what a client does not read
 * waits in the session, and nothing tells when it has left.
 */
export class InterimQueue {
  readonly #stream: ServerHttp2Stream;
  readonly #wheel: TimerWheel;
  readonly #alarm: Alarm;

  /** @param onRoom called once after the queue was found full, when it no longer is */
  constructor(stream: ServerHttp2Stream, wheel: TimerWheel, onRoom: () => void) {
    this.#stream = stream;
    this.#wheel = wheel;
    this.#alarm = new Alarm(() => {
      if (!this.isFull()) onRoom();
    });
  }

  isFull(): boolean {
    const waiting = this.#stream.session?.state.outboundQueueSize ?? 0;
    if (waiting < maxWaitingFrames) return false;
    this.#wheel.set(this.#alarm, lookEveryMs);
    return true;
  }

  /** The exchange is over. */
  forget(): void {
    this.#wheel.forget(this.#alarm);
  }
}
