import type { Outcome } from '../attempt/outcome.ts';
import type { SetAsideReason } from '../health/instance-health.ts';
import type { Upstream } from './upstream.ts';

/** Hears of each attempt that ends, for metrics. */
export interface AttemptObserver {
  attemptEnded(upstream: Upstream, outcome: Outcome, durationMs: number): void;
}

/** Hears what becomes of the upstreams, for the log. */
export interface UpstreamObserver {
  upstreamSetAside(upstream: Upstream, reason: SetAsideReason): void;
  upstreamReturned(upstream: Upstream): void;
}

/** Where a pick reports back to. */
export interface PickOwner {
  silent(pick: Pick): void;
  ended(pick: Pick, outcome: Outcome): void;
}

/** An upstream chosen for one attempt. Whoever holds it must call `done` exactly once, however the attempt ends. */
export class Pick {
  readonly upstream: Upstream;
  /** Monotonic. */
  readonly startedAtMs: number;
  readonly #owner: PickOwner;
  #open = true;

  constructor(upstream: Upstream, startedAtMs: number, owner: PickOwner) {
    this.upstream = upstream;
    this.startedAtMs = startedAtMs;
    this.#owner = owner;
  }

  /** The attempt waits for its first byte for longer than usual. */
  silent(): void {
    this.#owner.silent(this);
  }

  /** The attempt is over: the response is complete, or it failed. A second call is a defect and throws. */
  done(outcome: Outcome): void {
    if (!this.#open) throw new Error('Pick.done was called twice: an engine must report each attempt exactly once');
    this.#open = false;
    this.#owner.ended(this, outcome);
  }
}
