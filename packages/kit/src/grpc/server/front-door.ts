import { createServer, type Server, type Socket } from 'node:net';
import type { Clock, Timer } from '@flotilla/contracts';

/** A peer that is silent for so long may wait for the server to begin, which HTTP/2 allows. */
const silenceMs = 5_000;
/** How long a peer that was refused may go on sending before it is cut off: cut off at once, it might never read why. */
const lingerMs = 2_000;
/** `GET /` or `POST /v1/traces`. HTTP/2 begins with `PRI * HTTP/2.0`, of which a part may come first. */
const http1Request = /^(?!PRI \*)[A-Z]{3,16} \S/;

/** What {@link FrontDoor} needs. */
export interface FrontDoorOptions {
  readonly clock: Clock;
  /** What a client of HTTP/1 reads. */
  readonly http1Answer: string;
  /** Takes a connection of HTTP/2. */
  readonly open: (socket: Socket) => void;
}

/** A connection that is not let in, or not yet. */
interface Waiting {
  readonly timer: Timer;
  /** Does nothing for one that was refused. */
  letIn(): void;
}

/**
 * Lets connections of HTTP/2 in. HTTP/1, which is sent to such a port by mistake, is answered with a sentence: from a server of HTTP/2
 * its client would get bytes that it cannot read.
 */
export class FrontDoor {
  /** What listens. */
  readonly server: Server;
  readonly #options: FrontDoorOptions;
  readonly #outside = new Map<Socket, Waiting>();

  constructor(options: FrontDoorOptions) {
    this.#options = options;
    this.server = createServer({ noDelay: true }, (socket) => this.#meet(socket));
  }

  /** Accepts no more connections. Those that have said nothing yet are let in, so that they are told of the end as all others are. */
  close(): void {
    this.server.close();
    for (const { letIn } of this.#outside.values()) letIn();
  }

  /** Closes what was not let in. */
  destroy(): void {
    for (const socket of this.#outside.keys()) socket.destroy();
  }

  #meet(socket: Socket): void {
    const { clock, open } = this.#options;
    const letIn = (): void => {
      socket.off('data', look);
      socket.off('close', leave);
      socket.off('error', ignore);
      leave();
      open(socket);
    };
    const look = (bytes: Buffer): void => {
      if (http1Request.test(bytes.toString('latin1', 0, 64))) {
        this.#refuse(socket);
        return;
      }
      socket.pause();
      socket.unshift(bytes);
      letIn();
    };
    const leave = (): void => {
      this.#outside.get(socket)?.timer.cancel();
      this.#outside.delete(socket);
    };
    socket.on('error', ignore);
    socket.once('close', leave);
    socket.once('data', look);
    this.#outside.set(socket, { timer: clock.after(silenceMs, letIn), letIn });
  }

  #refuse(socket: Socket): void {
    const { clock, http1Answer } = this.#options;
    this.#outside.get(socket)?.timer.cancel();
    this.#outside.set(socket, { timer: clock.after(lingerMs, () => socket.destroy()), letIn: ignore });
    const body = `${http1Answer}\n`;
    // 505 says what is wrong, and senders of telemetry do not try it again.
    socket.end(
      `HTTP/1.1 505 HTTP Version Not Supported\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
    // What it still sends is nothing to keep.
    socket.resume();
  }
}

function ignore(): void {
  // Its peer is gone, which the close says as well.
}
