import type { Clock, Endpoint } from '@flotilla/contracts';

/** What is to be made of one answer. */
export interface Remembered {
  readonly endpoints: readonly Endpoint[];
  readonly state: 'fresh' | 'stale';
}

/**
 * Tells an instance that is gone from one that the registry has forgotten. Once the registry is in doubt, whom it does
 * not mention stays in use, until it mentions all of them or the time is over. It is in doubt when it counts its changes
 * and says a lower number than before: it was restored from an older copy, or began anew. One for each service.
 */
export class ForgottenInstances {
  readonly #clock: Clock;
  readonly #rememberMs: number;
  #last: readonly Endpoint[] = [];
  #count: bigint | undefined;
  #isInDoubt = false;
  #untilMs: number | undefined;

  /** @param rememberMs how long instances that the registry has forgotten stay in use, from its first answer on */
  constructor(clock: Clock, rememberMs: number) {
    this.#clock = clock;
    this.#rememberMs = rememberMs;
  }

  /** The registry may have begun anew: it could not be asked. */
  doubt(): void {
    this.#isInDoubt = true;
  }

  /**
   * @param endpoints what the registry shows
   * @param count the number of its last change, where it counts
   */
  next(endpoints: readonly Endpoint[], count?: bigint): Remembered {
    const nowMs = this.#clock.monotonicMs();
    const isBehind = count !== undefined && this.#count !== undefined && count < this.#count;
    if (this.#isInDoubt || isBehind) this.#untilMs = nowMs + this.#rememberMs;
    this.#isInDoubt = false;
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
