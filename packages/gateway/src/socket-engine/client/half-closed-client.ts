import type { Socket } from 'node:net';
import { Alarm, type TimerWheel } from '../time/timer-wheel.ts';

/** How often the system is asked about the client. */
const askEveryMs = 1_000;
/** After how long without a byte the system asks the client's, which then tells of one that is gone. */
const probeAfterMs = 10_000;

const nothing = Buffer.alloc(0);

/**
 * A client that has ended its side and waits for its answer, until it is really gone. Nothing is read from it any more, so
 * the system tells of a reset only to who writes; writing no bytes asks for that and sends nothing. The socket then fails
 * and closes like one that is read.
 */
export class HalfClosedClient {
  readonly #socket: Socket;
  readonly #wheel: TimerWheel;
  readonly #alarm: Alarm;

  /** @param socket the connection below, with TLS */
  constructor(socket: Socket, wheel: TimerWheel) {
    this.#socket = socket;
    this.#wheel = wheel;
    this.#alarm = new Alarm(() => this.#ask());
    socket.setKeepAlive(true, probeAfterMs);
    wheel.set(this.#alarm, askEveryMs);
  }

  /** The connection has closed. */
  forget(): void {
    this.#wheel.forget(this.#alarm);
  }

  #ask(): void {
    this.#wheel.set(this.#alarm, askEveryMs);
    // What is still leaving hears of a reset by itself.
    if (this.#socket.writable && this.#socket.writableLength === 0) this.#socket.write(nothing);
  }
}
