import type { Clock, Endpoint } from '@flotilla/contracts';

/** How long instances that a registry has forgotten stay in use: by then, every live instance has registered again. */
const rememberMs = 90_000;

/** What is to be made of one answer. */
export interface Remembered {
  readonly endpoints: readonly Endpoint[];
  readonly state: 'fresh' | 'stale';
}

/**
 * Tells an instance that is gone from one that the registry has forgotten. A registry that counts its changes and says a
 * lower number than before was restored from an older copy, or began anew: whom it does not mention then stays in use,
 * until it registers again or {@link rememberMs} have passed. One for each service.
 */
export class ForgottenInstances {
  readonly #clock: Clock;
  #last: readonly Endpoint[] = [];
  #count: bigint | undefined;
  #untilMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param endpoints what the registry shows
   * @param count the number of its last change
   */
  next(endpoints: readonly Endpoint[], count: bigint): Remembered {
    const nowMs = this.#clock.monotonicMs();
    if (this.#count !== undefined && count < this.#count) this.#untilMs = nowMs + rememberMs;
    this.#count = count;
    const missing = this.#untilMs === undefined || nowMs >= this.#untilMs ? [] : this.#missingIn(endpoints);
    if (missing.length === 0) this.#untilMs = undefined;
    this.#last = [...endpoints, ...missing];
    return { endpoints: this.#last, state: missing.length === 0 ? 'fresh' : 'stale' };
  }

  #missingIn(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    const shown = new Set(endpoints.map(({ id }) => id));
    return this.#last.filter(({ id }) => !shown.has(id));
  }
}
