/** How long to wait between attempts. */
export interface BackoffOptions {
  /** The longest first wait, in milliseconds. Default 100: programs started together find each other quickly. */
  readonly firstMs?: number;
  /** The longest wait of all, in milliseconds. Default 2000: so soon is a registry that came back noticed. */
  readonly maxMs?: number;
  /** A number from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Exponential backoff with full jitter: the n-th wait is anything from 0 to `firstMs * 2^n`, never above `maxMs`.
 * Full jitter because many clients lose one registry at the same moment; spread evenly, they don't all come back in
 * the same moment too.
 */
export class Backoff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #attempt = 0;

  constructor(options: BackoffOptions = {}) {
    this.#firstMs = options.firstMs ?? 100;
    this.#maxMs = options.maxMs ?? 2_000;
    this.#random = options.random ?? Math.random;
  }

  /** The wait before the next attempt, in milliseconds. Each call counts as one failed attempt. */
  nextDelayMs(): number {
    const ceilingMs = Math.min(this.#maxMs, this.#firstMs * 2 ** this.#attempt);
    // 2^n would reach Infinity; once at the cap there is nothing left to count.
    if (ceilingMs < this.#maxMs) this.#attempt += 1;
    return this.#random() * ceilingMs;
  }

  /** Call after a success: the next failure starts over with a short wait. */
  reset(): void {
    this.#attempt = 0;
  }
}
