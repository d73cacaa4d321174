import type { Socket } from 'node:net';

/** For the client to see the answer and close, once all of it has left. */
const lingerMs = 1_000;

export interface FarewellOptions {
  readonly socket: Socket;
  /** The longest time in which a client takes nothing. */
  readonly writeProgressMs: number;
  /** Calls back once, so much later, instead of what was set before. */
  setDeadline(delayMs: number): void;
}

/**
 * The end of a connection whose last answer is given. Closing while the client still sends would make the system reset
 * the connection and take the answer from the client; so our side ends, and what comes is read on for a moment.
 */
export class Farewell {
  readonly #options: FarewellOptions;
  /** What had not left when it was last looked at. */
  #unsentBefore = 0;

  constructor(options: FarewellOptions) {
    this.#options = options;
  }

  /** An answer was given: from here on the client should take something of it now and then. */
  watchUnsent(): void {
    this.#unsentBefore = this.#options.socket.writableLength;
  }

  /** Whether the client has taken nothing since the last look, though there is something to take. */
  isStuck(): boolean {
    const unsent = this.#options.socket.writableLength;
    const stuck = unsent > 0 && unsent >= this.#unsentBefore;
    this.#unsentBefore = unsent;
    return stuck;
  }

  /** Ends our side. `stillOn` is asked when all has left. */
  begin(stillOn: () => boolean): void {
    const { setDeadline, socket, writeProgressMs } = this.#options;
    socket.resume();
    this.watchUnsent();
    if (this.#unsentBefore === 0) {
      socket.end();
      return setDeadline(lingerMs);
    }
    // The moment begins when all has left.
    setDeadline(writeProgressMs);
    socket.end(() => {
      if (stillOn()) setDeadline(lingerMs);
    });
  }
}
