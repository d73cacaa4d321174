import type { LimitedFailure, RequestLimit } from '../../attempt/outcome.ts';
import type { RequestHead } from '../../headers/request-head.ts';
import type { PoolSettings } from './pool-settings.ts';

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

/** What is said of them. */
type HeldSettings = Pick<PoolSettings, 'shares' | 'configured' | 'countedClient'>;

/**
 * Who holds how many of the connections to one upstream, and who may have one more. How many plain ones each client holds
 * is not counted until somebody asks, which happens only when so many are busy that it matters; from then on the counts
 * are kept, until {@link forget}.
 */
export class HeldConnections {
  /** How many are long-lived: counted apart from plain ones. */
  longLived = 0;
  readonly #open: Iterable<{ readonly use: ConnectionUse }>;
  readonly #settings: HeldSettings;
  #plain: Map<string, number> | undefined;

  /** @param open all connections, as they are now: for the first count */
  constructor(open: Iterable<{ readonly use: ConnectionUse }>, settings: HeldSettings) {
    this.#open = open;
    this.#settings = settings;
  }

  /** An exchange has got a connection, or one that was long-lived is plain again. */
  taken(use: ConnectionUse): void {
    if (this.#plain !== undefined) this.#count(this.#plain, use, 1);
  }

  /** The exchange is over, or its connection will be counted as long-lived. */
  released(use: ConnectionUse): void {
    if (this.#plain !== undefined) this.#count(this.#plain, use, -1);
  }

  /** Its exchange goes on for as long as it likes. */
  setLong(use: ConnectionUse): void {
    this.released(use);
    use.longLived = true;
    this.longLived += 1;
  }

  /** It does not matter any more who holds how many. */
  forget(): void {
    this.#plain = undefined;
  }

  /** Who holds it; undefined: nobody that counts. */
  clientOf(use: ConnectionUse): string | undefined {
    return use.client(this.#settings.countedClient);
  }

  /** Whether `client` holds as many plain connections as it may, when so many are busy. */
  hasShare(client: string | undefined, busy: number): boolean {
    const { plainPerClient } = this.#settings.shares;
    return client !== undefined && busy >= plainPerClient && this.plainOf(client) >= plainPerClient;
  }

  /** The limit for which `client` waits for a plain connection, when so many are busy. */
  limitOfPlain(client: string | undefined, busy: number): LimitedFailure {
    const own = busy < this.#settings.shares.plain && this.hasShare(client, busy);
    return this.#limited(own ? 'clientShare' : 'connectionsPerUpstream');
  }

  /** The limit that forbids `client` a long-lived one. */
  limitOfLong(client: string | undefined): LimitedFailure | undefined {
    const { longLived, longLivedPerClient } = this.#settings.shares;
    if (this.longLived >= longLived) return this.#limited('longLivedPerUpstream');
    if (client === undefined || this.longLived < longLivedPerClient) return undefined;
    return this.#longLivedOf(client) >= longLivedPerClient ? this.#limited('clientShare') : undefined;
  }

  /** How many plain ones `client` holds. */
  plainOf(client: string): number {
    if (this.#plain === undefined) {
      this.#plain = new Map();
      for (const { use } of this.#open) this.taken(use);
    }
    return this.#plain.get(client) ?? 0;
  }

  #longLivedOf(client: string): number {
    let count = 0;
    for (const { use } of this.#open) if (use.longLived && this.clientOf(use) === client) count += 1;
    return count;
  }

  #count(plain: Map<string, number>, use: ConnectionUse, by: 1 | -1): void {
    const client = use.longLived ? undefined : this.clientOf(use);
    if (client === undefined) return;
    const count = (plain.get(client) ?? 0) + by;
    if (count === 0) plain.delete(client);
    else plain.set(client, count);
  }

  #limited(limit: Exclude<RequestLimit, 'longLived' | 'longLivedPerClient'>): LimitedFailure {
    return { kind: 'limited', limit, most: this.#settings.configured[limit] };
  }
}
