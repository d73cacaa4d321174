import type { Socket } from 'node:net';

/** For the client to see the answer and close, once all of it has left. */
const lingerMs = 1_000;

/** Whose end it is. */
export interface FarewellOwner {
  /** Whether it still waits for its client to close. */
  readonly lingering: boolean;
  /** Calls back once, so much later, instead of what was set before. */
  setDeadline(delayMs: number): void;
}

/**
 * Ends our side of a connection whose last answer is given. Closing while the client still sends would make the system
 * reset the connection and take the answer from the client; so what comes is read on for a moment.
 *
 * @param writeProgressMs the longest time in which a client takes nothing
 */
export function sayFarewell(socket: Socket, owner: FarewellOwner, writeProgressMs: number): void {
  socket.resume();
  if (socket.writableLength === 0) {
    socket.end();
    return owner.setDeadline(lingerMs);
  }
  // The moment begins when all has left.
  owner.setDeadline(writeProgressMs);
  socket.end(() => {
    if (owner.lingering) owner.setDeadline(lingerMs);
  });
}
