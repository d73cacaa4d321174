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
