import type { RequestHead } from '../../headers/request-head.ts';

/** For whom a connection to an upstream is held, and since when. Who it is gets worked out only when it is asked for. */
export class ConnectionUse {
  /** Counted apart from plain ones: its exchange goes on for as long as it likes. */
  longLived = false;
  /** Monotonic: the exchange has got the connection. */
  startedAtMs = 0;
  #head: RequestHead | undefined = undefined;
  #client: string | undefined = undefined;
  #known = false;

  /** An exchange has got the connection. */
  begin(head: RequestHead | undefined, nowMs: number): void {
    this.#head = head;
    this.#known = false;
    this.startedAtMs = nowMs;
  }

  /** The exchange is over; a connection that is kept counts for nobody. */
  end(): void {
    this.#head = undefined;
    this.#client = undefined;
    this.#known = true;
  }

  /** Undefined: held for nobody that counts. */
  client(countedClient: (head: RequestHead) => string | undefined): string | undefined {
    if (!this.#known) {
      this.#client = this.#head === undefined ? undefined : countedClient(this.#head);
      this.#known = true;
    }
    return this.#client;
  }
}

/**
 * How many plain connections each client holds. Nobody is counted until somebody asks, which happens only when so many
 * are busy that it matters; from then on the counts are kept, until {@link forget}.
 */
export class HeldConnections {
  readonly #countedClient: (head: RequestHead) => string | undefined;
  #counts: Map<string, number> | undefined;

  constructor(countedClient: (head: RequestHead) => string | undefined) {
    this.#countedClient = countedClient;
  }

  /** @param open all connections, for the first count */
  by(client: string, open: Iterable<{ readonly use: ConnectionUse }>): number {
    if (this.#counts === undefined) {
      this.#counts = new Map();
      for (const { use } of open) this.taken(use);
    }
    return this.#counts.get(client) ?? 0;
  }

  /** An exchange has got a connection, or one that was long-lived is plain again. */
  taken(use: ConnectionUse): void {
    if (this.#counts !== undefined) this.#change(this.#counts, use, 1);
  }

  /** The exchange is over, or its connection will be counted as long-lived. */
  released(use: ConnectionUse): void {
    if (this.#counts !== undefined) this.#change(this.#counts, use, -1);
  }

  /** It does not matter any more. */
  forget(): void {
    this.#counts = undefined;
  }

  #change(counts: Map<string, number>, use: ConnectionUse, by: 1 | -1): void {
    const client = use.longLived ? undefined : use.client(this.#countedClient);
    if (client === undefined) return;
    const count = (counts.get(client) ?? 0) + by;
    if (count === 0) counts.delete(client);
    else counts.set(client, count);
  }
}
