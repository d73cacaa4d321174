import type { TrafficView } from '../wire/index.ts';

/** Calls of one kind, added up. */
export class Traffic {
  readonly #durations: { readonly ms: number; readonly weight: number }[] = [];
  #weight = 0;
  #failed = 0;

  /** @param weight how many calls it stands for */
  add(durationUs: number, failed: boolean, weight: number): void {
    this.#durations.push({ ms: durationUs / 1_000, weight });
    this.#weight += weight;
    if (failed) this.#failed += weight;
  }

  get isEmpty(): boolean {
    return this.#durations.length === 0;
  }

  view(seconds: number): TrafficView {
    const sorted = this.#durations.toSorted((one, other) => one.ms - other.ms);
    const [p50Ms, p95Ms] = [this.#quantile(sorted, 0.5), this.#quantile(sorted, 0.95)];
    return {
      requestsPerSecond: this.#weight / Math.max(seconds, 1),
      errorShare: this.#weight === 0 ? 0 : this.#failed / this.#weight,
      ...(p50Ms === undefined ? {} : { p50Ms }),
      ...(p95Ms === undefined ? {} : { p95Ms }),
    };
  }

  #quantile(sorted: readonly { readonly ms: number; readonly weight: number }[], q: number): number | undefined {
    let below = 0;
    for (const { ms, weight } of sorted) {
      below += weight;
      if (below >= q * this.#weight) return ms;
    }
    return sorted.at(-1)?.ms;
  }
}
