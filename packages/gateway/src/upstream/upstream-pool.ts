import type { Outcome } from '../attempt/outcome.ts';
import type { Balancer } from '../balance/balancer.ts';
import type { Upstream } from './upstream.ts';
import type { UpstreamSet } from './upstream-set.ts';

/** Where the instances for a request are picked. */
export interface PickPlace {
  readonly pool: UpstreamPool;
  /** What the pool's balancer asks of the request; undefined: nothing, or the request does not have it. */
  readonly key?: number | undefined;
}

/** Picks instances of one service by one balancer, from memory; never waits. Pools of one service share its instances. */
export class UpstreamPool {
  readonly service: string;
  /** How long an attempt waits for its first byte before {@link Pick.silent} is to be called. */
  readonly silenceMs: number;
  /** Whom it picks from. */
  readonly set: UpstreamSet;
  readonly #balancer: Balancer<Upstream>;

  /** @param balancer made for the candidates of `set` */
  constructor(set: UpstreamSet, balancer: Balancer<Upstream>) {
    this.service = set.service;
    this.silenceMs = set.silenceMs;
    this.set = set;
    this.#balancer = balancer;
    set.candidates.serve(balancer);
  }

  /**
   * The upstream for the next attempt, none of `tried`; undefined if there is no other. When every one left is set
   * aside, one of those is tried all the same: that costs less than a wrong 503, and notices at once who came back.
   *
   * @param key what the balancer asks of the request, if it does
   */
  pick(key: number | undefined, tried: readonly Upstream[]): Pick | undefined {
    const upstream = this.#choose(key, tried) ?? this.set.leastBad(tried);
    return upstream === undefined ? undefined : new Pick(upstream, this.set);
  }

  /** Like {@link pick}, but never one that is set aside: for a request that may as well wait where it is. */
  pickAvailable(key: number | undefined, tried: readonly Upstream[]): Pick | undefined {
    const upstream = this.#choose(key, tried);
    return upstream === undefined ? undefined : new Pick(upstream, this.set);
  }

  /** The same upstream once more, for a second try on a new connection; undefined if it has left the pool. */
  pickAgain(upstream: Upstream): Pick | undefined {
    return upstream.retired ? undefined : new Pick(upstream, this.set);
  }

  #choose(key: number | undefined, tried: readonly Upstream[]): Upstream | undefined {
    return this.#balancer.next(key, tried) ?? this.set.candidates.heldBack(tried);
  }
}

/** An upstream chosen for one attempt, which has begun. Whoever holds it must call `done` exactly once, however the attempt ends. */
export class Pick {
  readonly upstream: Upstream;
  readonly #set: UpstreamSet;
  /** Monotonic. */
  readonly #startedAtMs: number;
  #open = true;

  constructor(upstream: Upstream, set: UpstreamSet) {
    this.upstream = upstream;
    this.#set = set;
    this.#startedAtMs = set.clock.monotonicMs();
    set.candidates.began(upstream);
  }

  /** The attempt waits for its first byte for longer than usual. */
  silent(): void {
    this.upstream.health.silent(this.#startedAtMs);
  }

  /** The attempt is over: the response is complete, or it failed. A second call is a defect and throws. */
  done(outcome: Outcome): void {
    if (!this.#open) throw new Error('Pick.done was called twice: an engine must report each attempt exactly once');
    this.#open = false;
    const { attempts, candidates, clock } = this.#set;
    const nowMs = clock.monotonicMs();
    const durationMs = nowMs - this.#startedAtMs;
    candidates.ended(this.upstream, durationMs, outcome.kind === 'response');
    this.upstream.health.attemptEnded(outcome, this.#startedAtMs, nowMs);
    attempts?.attemptEnded(this.upstream, outcome, durationMs);
  }
}
