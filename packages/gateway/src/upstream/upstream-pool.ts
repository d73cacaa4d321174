import type { Clock, Discovery, ServiceInstance } from '@flotilla/contracts';
import type { Outcome } from '../attempt/outcome.ts';
import type { Balancer } from '../balance/balancer.ts';
import { type AttemptObserver, Pick, type PickOwner } from './pick.ts';
import { defaultSetAside, type SetAside, Upstream } from './upstream.ts';

export interface UpstreamPoolOptions {
  readonly service: string;
  readonly discovery: Discovery;
  readonly balancer: Balancer<Upstream>;
  readonly clock: Clock;
  readonly observer?: AttemptObserver;
  readonly setAside?: SetAside;
}

const none: readonly Upstream[] = [];

/** The instances of one service, kept in step with discovery. Picks from memory and never waits. */
export class UpstreamPool implements PickOwner {
  readonly service: string;
  readonly #clock: Clock;
  readonly #balancer: Balancer<Upstream>;
  readonly #observer: AttemptObserver | undefined;
  readonly #setAside: SetAside;
  readonly #stopWatching: () => void;
  #upstreams: readonly Upstream[] = none;
  #known = false;

  constructor(options: UpstreamPoolOptions) {
    this.service = options.service;
    this.#clock = options.clock;
    this.#balancer = options.balancer;
    this.#observer = options.observer;
    this.#setAside = options.setAside ?? defaultSetAside;
    this.#stopWatching = options.discovery.watch(options.service, (snapshot) => {
      if (snapshot.state === 'unknown') return;
      this.#known = true;
      this.#apply(snapshot.instances);
    });
  }

  /** Whether discovery has ever answered about this service. An empty answer is an answer. */
  get known(): boolean {
    return this.#known;
  }

  /** All there are now, available or not. */
  get upstreams(): readonly Upstream[] {
    return this.#upstreams;
  }

  /**
   * The upstream for the next attempt, none of `tried`; undefined if there is no other. When every one left is set
   * aside, one of those is tried all the same: that costs less than a wrong 503, and notices at once who came back.
   */
  pick(tried: readonly Upstream[] = none): Pick | undefined {
    const nowMs = this.#clock.monotonicMs();
    const upstream = this.#balancer.next(nowMs, tried) ?? this.#leastBad(tried);
    return upstream === undefined ? undefined : this.#begin(upstream, nowMs);
  }

  /** The same upstream once more, for a second try on a new connection; undefined if it has left the pool. */
  pickAgain(upstream: Upstream): Pick | undefined {
    return upstream.retired ? undefined : this.#begin(upstream, this.#clock.monotonicMs());
  }

  ended(pick: Pick, outcome: Outcome): void {
    const nowMs = this.#clock.monotonicMs();
    pick.upstream.end(outcome, nowMs);
    this.#observer?.attemptEnded(pick.upstream, outcome, nowMs - pick.startedAtMs);
  }

  /** Stops following discovery and lets all upstreams go. */
  close(): void {
    this.#stopWatching();
    this.#apply([]);
  }

  #begin(upstream: Upstream, nowMs: number): Pick {
    upstream.begin(nowMs);
    return new Pick(upstream, nowMs, this);
  }

  #leastBad(tried: readonly Upstream[]): Upstream | undefined {
    let best: Upstream | undefined;
    for (const upstream of this.#upstreams) {
      if (tried.includes(upstream)) continue;
      if (best === undefined || upstream.failuresInARow < best.failuresInARow) best = upstream;
    }
    return best;
  }

  /** Keeps what is known of each instance that is still at the same place, so that a change elsewhere costs it nothing. */
  #apply(instances: readonly ServiceInstance[]): void {
    const before = new Map(this.#upstreams.map((upstream) => [upstream.id, upstream]));
    const next: Upstream[] = [];
    for (const instance of instances) {
      const old = before.get(instance.id);
      if (old !== undefined && old.address === instance.address && old.port === instance.port) {
        old.weight = instance.weight;
        before.delete(instance.id);
        next.push(old);
      } else {
        next.push(new Upstream(instance, this.#setAside));
      }
    }
    this.#upstreams = next;
    this.#balancer.update(next);
    for (const gone of before.values()) {
      gone.retired = true;
      gone.slot?.retire();
    }
  }
}
