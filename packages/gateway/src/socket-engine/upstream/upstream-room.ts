import { ForeseenError } from '@flotilla/contracts';
import type { Outcome } from '../../attempt/outcome.ts';

type Exhausted = Extract<Outcome, { kind: 'exhausted' }>;

/** The file descriptors that are kept for connections to upstreams. */
export class UpstreamRoom {
  readonly #most: number;
  readonly #closeIdle: () => boolean;
  #taken = 0;

  /** @param closeIdle closes a connection that nobody uses, to whatever upstream; false: there is none */
  constructor(most: number, closeIdle: () => boolean) {
    this.#most = most;
    this.#closeIdle = closeIdle;
  }

  /** Takes room for a connection, or says that there is none. */
  take(): Exhausted | undefined {
    // Somebody who waited may be given the room at once, hence the loop.
    while (this.#taken >= this.#most) {
      if (this.#closeIdle()) continue;
      return { kind: 'exhausted', cause: new ForeseenError('no file descriptor left for a connection to an upstream') };
    }
    this.#taken += 1;
    return undefined;
  }

  give(): void {
    this.#taken -= 1;
  }
}
