import type { RequestHead } from '../../headers/request-head.ts';
import type { ConnectionUse } from '../sides/connection-use.ts';

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
