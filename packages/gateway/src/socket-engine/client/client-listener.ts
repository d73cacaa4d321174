import { createServer, type Server, type Socket } from 'node:net';
import type { Listen, ListenAddress } from '@flotilla/kit/workers';
import type { ClientAdmission, ConnectionLimit, ConnectionPlace } from './client-admission.ts';

/** What a listener needs to know of a connection it accepted. */
export interface AcceptedConnection {
  /** Takes no more than one further request, and closes after its answer, or after a moment in which none came. */
  drain(): void;
  destroy(): void;
}

export interface ClientListenerOptions {
  /** Shared by all listeners of an engine. */
  readonly admission: ClientAdmission;
  /** How to listen. */
  readonly listen: Listen;
  /** Takes a connection over; `place.release` must be called when it has closed. */
  accept(socket: Socket, place: ConnectionPlace): AcceptedConnection;
  /** A connection could not be accepted. */
  lost(): void;
  /** Answers a connection beyond a limit, then closes it. */
  refuse(socket: Socket, limit: ConnectionLimit): void;
}

/** Accepts connections up to the limits, and knows its own that are open. */
export class ClientListener {
  readonly #options: ClientListenerOptions;
  readonly #server: Server;
  readonly #open = new Set<AcceptedConnection>();
  #whenEmpty: (() => void)[] = [];

  constructor(options: ClientListenerOptions) {
    this.#options = options;
    // A client that has ended its side may still be waiting for its answer, so its end is not ours.
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#onConnection(socket));
  }

  /** Starts to accept. Rejects with the system's error. */
  async listen(where: ListenAddress): Promise<{ address: string; port: number }> {
    const bound = await this.#options.listen(this.#server, where);
    // EMFILE and its like, where the system tells: the connection is lost, the listener goes on.
    this.#server.on('error', () => this.#options.lost());
    return bound;
  }

  /** Stops to accept and resolves when the last connection has closed, or on `signal`. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#server.close();
    for (const connection of [...this.#open]) connection.drain();
    if (this.#open.size === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** Stops to accept and cuts all connections. */
  close(): void {
    this.#server.close();
    for (const connection of [...this.#open]) connection.destroy();
  }

  #onConnection(socket: Socket): void {
    const { accept, admission, refuse } = this.#options;
    const place = admission.admit(socket.remoteAddress ?? '');
    if (typeof place === 'string') return refuse(socket, place);
    const connection: AcceptedConnection = accept(socket, {
      setLongLived: (longLived) => place.setLongLived(longLived),
      release: () => {
        place.release();
        this.#onReleased(connection);
      },
    });
    this.#open.add(connection);
  }

  #onReleased(connection: AcceptedConnection): void {
    if (!this.#open.delete(connection) || this.#open.size > 0) return;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}
