import { createServer, type Server, type Socket } from 'node:net';
import type { EngineLimits } from '../config/limits.ts';
import { type TrustedProxies, withoutMapping } from '../headers/trusted-proxies.ts';

/** What a listener needs to know of a connection it accepted. */
export interface AcceptedConnection {
  /** Closes at once when idle, else after the answer under way. */
  drain(): void;
  destroy(): void;
}

export interface ClientListenerOptions {
  readonly limits: EngineLimits;
  /** Exempt from the limit per client: many clients stand behind one of them. */
  readonly trusted: TrustedProxies;
  /** Takes a connection over; `release` must be called once when it has closed. */
  accept(socket: Socket, release: () => void): AcceptedConnection;
  /** Answers a connection beyond the limits, then closes it. */
  refuse(socket: Socket): void;
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
  listen(where: { readonly host?: string; readonly port: number }): Promise<{ address: string; port: number }> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ ...where, backlog: 4096 }, () => {
        this.#server.off('error', reject);
        // EMFILE and its like: the connection is lost, the listener goes on.
        this.#server.on('error', () => undefined);
        const bound = this.#server.address();
        if (bound === null || typeof bound === 'string') reject(new Error('The listener has no address'));
        else resolve({ address: bound.address, port: bound.port });
      });
    });
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
    if (this.#open.size >= limits.connections || (count > limits.connectionsPerClient && !trusted.trusts(client))) {
      return refuse(socket);
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
