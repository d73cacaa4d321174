import type { ResponseHead } from '@flotilla/http1';
import { asksForBoundLogin } from '../headers/bound-login.ts';
import type { UpstreamConnection } from './upstream-connection.ts';
import type { ConnectionKeeper } from './upstream-connection-options.ts';

/**
 * The connections to upstreams that belong to one client's connection, because a login is bound to them: one for each
 * service. They serve its requests alone and close with it.
 */
export class OwnConnections implements ConnectionKeeper {
  /** By service. Nearly no client ever has one. */
  #idle: Map<string, UpstreamConnection> | undefined;
  readonly #onLost: () => void;
  #closed = false;

  /** @param onLost one of them is gone, and the login with it: what the client believes of its connection is over */
  constructor(onLost: () => void) {
    this.#onLost = onLost;
  }

  /** The one to this service, for the next request; undefined if there is none. */
  take(service: string): UpstreamConnection | undefined {
    if (this.#idle === undefined) return undefined;
    const connection = this.#idle.get(service);
    this.#idle.delete(service);
    return connection;
  }

  keep(connection: UpstreamConnection): void {
    if (this.#closed) return connection.destroy();
    this.#idle ??= new Map();
    this.#idle.set(connection.upstream.service, connection);
  }

  lost(connection: UpstreamConnection): void {
    const { service } = connection.upstream;
    if (this.#idle?.get(service) === connection) this.#idle.delete(service);
    if (!this.#closed) this.#onLost();
  }

  /** The client's connection is gone, or speaks another protocol from now on. */
  close(): void {
    this.#closed = true;
    for (const connection of [...(this.#idle?.values() ?? [])]) connection.destroy();
  }
}

/** Binds a connection to who keeps it for its client if its answer asks for a login that is bound to it. */
export function bindIfAsked(
  connection: UpstreamConnection | undefined,
  head: ResponseHead,
  keeper: ConnectionKeeper | undefined,
): void {
  if (connection === undefined) return;
  if (asksForBoundLogin(head.fields, head.ids)) connection.bindTo(keeper);
  // The client's connection must not outlive the one it is logged in on.
  if (connection.bound && !head.keepAlive) connection.keeper?.lost(connection);
}
