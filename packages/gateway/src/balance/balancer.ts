/** What a balancer needs to know of the upstreams it chooses from. */
export interface Candidate {
  /** Share of the traffic relative to the others; 0 = only when no other is left. */
  readonly weight: number;
  /** Whether it should be chosen at this time. A balancer never chooses one that is not available. */
  isAvailable(nowMs: number): boolean;
}

/** Chooses one of several candidates. Knows nothing of HTTP; one file per way of choosing. */
export interface Balancer<C extends Candidate> {
  /** Takes over a new list. Called when the list changes, never per request. */
  update(candidates: readonly C[]): void;
  /** The next one that is available and not in `tried`; undefined if there is none. Synchronous, allocates nothing. */
  next(nowMs: number, tried: readonly C[]): C | undefined;
}
