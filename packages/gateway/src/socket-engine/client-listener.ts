import { createServer, type Server, type Socket } from 'node:net';
import type { Listen } from '@flotilla/kit/workers';
import type { EngineLimits } from '../config/limits.ts';
import { type TrustedProxies, withoutMapping } from '../headers/trusted-proxies.ts';
import type { ConnectionLimit } from './refused-connections.ts';

/** What a listener needs to know of a connection it accepted. */
export interface AcceptedConnection {
  /** Takes no more than one further request, and closes after its answer, or after a moment in which none came. */
  drain(): void;
  destroy(): void;
}

export interface ClientListenerOptions {
  readonly limits: EngineLimits;
  /** Exempt from the limit per client: many clients stand behind one of them. */
  readonly trusted: TrustedProxies;
  /** How to listen. */
  readonly listen: Listen;
  /** Takes a connection over; `release` must be called once when it has closed. */
  accept(socket: Socket, release: () => void): AcceptedConnection;
  /** Answers a connection beyond a limit, then closes it. */
  refuse(socket: Socket, limit: ConnectionLimit): void;
}

/** Accepts connections up to the limits, and knows all that are open. */
export class ClientListener {
  readonly #options: ClientListenerOptions;
  readonly #server: Server;
  readonly #open = new Set<AcceptedConnection>();
  readonly #perClient = new Map<string, number>();
  #whenEmpty: (() => void)[] = [];

  constructor(options: ClientListenerOptions) {
    this.#options = options;
    // A client that has ended its side may still be waiting for its answer, so its end is not ours.
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#onConnection(socket));
  }

  /** Open connections. */
  get size(): number {
    return this.#open.size;
  }

  /** Starts to accept. Rejects with the system's error. */
  async listen(where: { readonly host?: string; readonly port: number }): Promise<{ address: string; port: number }> {
    const bound = await this.#options.listen(this.#server, where);
    // EMFILE and its like: the connection is lost, the listener goes on.
    this.#server.on('error', () => undefined);
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
    const { limits, trusted, accept, refuse } = this.#options;
    const client = withoutMapping(socket.remoteAddress ?? '');
    const count = (this.#perClient.get(client) ?? 0) + 1;
    if (this.#open.size >= limits.connections) return refuse(socket, 'connections');
    if (count > limits.connectionsPerClient && !trusted.trusts(client)) {
      return refuse(socket, 'connections_per_client');
    }
    this.#perClient.set(client, count);
    const connection: AcceptedConnection = accept(socket, () => this.#release(connection, client));
    this.#open.add(connection);
  }

  #release(connection: AcceptedConnection, client: string): void {
    if (!this.#open.delete(connection)) return;
    const count = (this.#perClient.get(client) ?? 1) - 1;
    if (count === 0) this.#perClient.delete(client);
    else this.#perClient.set(client, count);
    if (this.#open.size > 0) return;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}
