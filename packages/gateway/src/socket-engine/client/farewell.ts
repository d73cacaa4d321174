import type { Socket } from 'node:net';

/** For the client to see the answer and close, once all of it has left. */
const lingerMs = 1_000;

/** Whose end it is. */
export interface FarewellOwner {
  /** Calls back once, so much later, instead of what was set before. */
  setDeadline(delayMs: number): void;
}

/**
 * The end of a connection whose last answer is given. Closing while the client still sends would make the system reset
 * the connection and take the answer from the client; so our side ends, and what comes is read on for a moment.
 */
export class Farewell {
  readonly #socket: Socket;
  readonly #owner: FarewellOwner;
  readonly #writeProgressMs: number;
  /** What had not left when it was last looked at. */
  #unsentBefore = 0;

  /** @param writeProgressMs the longest time in which a client takes nothing */
  constructor(socket: Socket, owner: FarewellOwner, writeProgressMs: number) {
    this.#socket = socket;
    this.#owner = owner;
    this.#writeProgressMs = writeProgressMs;
  }

  /** An answer was given: from here on the client should take something of it now and then. */
  watchUnsent(): void {
    this.#unsentBefore = this.#socket.writableLength;
  }

  /** Whether the client has taken nothing since the last look, though there is something to take. */
  isStuck(): boolean {
    const unsent = this.#socket.writableLength;
    const stuck = unsent > 0 && unsent >= this.#unsentBefore;
    this.#unsentBefore = unsent;
    return stuck;
  }

  /** The answer is given, and the client takes it slowly: that is its right. False when it has all. */
  goesOn(): boolean {
    if (this.#socket.writableLength === 0) return false;
    this.#owner.setDeadline(this.#writeProgressMs);
    return true;
  }

  /** Ends our side. `stillOn` is asked when all has left. */
  begin(stillOn: () => boolean): void {
    const socket = this.#socket;
    socket.resume();
    this.watchUnsent();
    if (this.#unsentBefore === 0) {
      socket.end();
      return this.#owner.setDeadline(lingerMs);
    }
    // The moment begins when all has left.
    this.#owner.setDeadline(this.#writeProgressMs);
    socket.end(() => {
      if (stillOn()) this.#owner.setDeadline(lingerMs);
    });
  }
}
