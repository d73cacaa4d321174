import type { Upstream } from '../../upstream/upstream.ts';

/** A connection to an upstream on which somebody is logged in. */
export interface OwnConnection {
  readonly upstream: Upstream;
  /** Closes it. */
  cancel(): void;
}

/** Who may have connections to upstreams of its own: nearly no client ever does. */
export interface OwnConnectionsHolder {
  readonly own: OwnConnections | undefined;
  /** {@link own}, made if there is none: a login is about to be bound. Undefined where others' requests share its connection. */
  keepOwn(): OwnConnections | undefined;
}

/**
 * The connections to upstreams that belong to one client's connection, because a login is bound to them: one for each
 * service. They serve its requests alone and close with it.
 */
export class OwnConnections {
  /** Those that wait for the next request, by service. */
  readonly #idle = new Map<string, OwnConnection>();
  readonly #onLost: () => void;
  #closed = false;

  /** @param onLost one of them is gone, and the login with it: what the client believes of its connection is over */
  constructor(onLost: () => void) {
    this.#onLost = onLost;
  }

  /** The upstream that the next request for this service has to go to; undefined if any will do. */
  upstreamFor(service: string): Upstream | undefined {
    return this.#idle.get(service)?.upstream;
  }

  /** It is idle: keeps it for the client's next request, or closes it. */
  keep(connection: OwnConnection): void {
    if (this.#closed) return connection.cancel();
    this.#idle.set(connection.upstream.service, connection);
  }

  /** It serves a request again. */
  taken({ upstream }: OwnConnection): void {
    this.#idle.delete(upstream.service);
  }

  /** It is closed, or will be after this exchange. */
  lost(connection: OwnConnection): void {
    const { service } = connection.upstream;
    if (this.#idle.get(service) === connection) this.#idle.delete(service);
    if (!this.#closed) this.#onLost();
  }

  /** The client's connection is gone, or speaks another protocol from now on. */
  close(): void {
    this.#closed = true;
    for (const connection of [...this.#idle.values()]) connection.cancel();
  }
}
