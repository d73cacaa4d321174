import { AppError } from '@flotilla/contracts';

/** When a client may try again: by then some request has been decided on. */
const retryAfterMs = 1_000;

/** Counts the requests that wait for a policy, so that a service that is asked and does not answer can't gather them all. */
export class WaitingRequests {
  readonly #most: number;
  readonly #configured: number;
  #size = 0;

  /** @param configured what those who are refused are told; `most` is this process's share of it */
  constructor(most: number, configured: number) {
    this.#most = most;
    this.#configured = configured;
  }

  get size(): number {
    return this.#size;
  }

  /** One more, or why there is no room for it. */
  begin(): AppError | undefined {
    if (this.#size >= this.#most) {
      const detail = `The gateway has reached its limit "waiting" (${this.#configured}).`;
      return new AppError('OVERLOADED', { retryAfterMs, detail });
    }
    this.#size += 1;
    return undefined;
  }

  /** One that {@link begin} has let in waits no more. */
  end(): void {
    this.#size -= 1;
  }
}
