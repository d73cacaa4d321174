import type { Clock, Discovery, Endpoint } from '@flotilla/contracts';
import type { Outcome } from '../attempt/outcome.ts';
import type { Balancer } from '../balance/balancer.ts';
import { defaultHealthSettings, type HealthSettings } from '../config/health-settings.ts';
import { HealthWatch } from '../health/health-watch.ts';
import type { Probe } from '../health/http-probe.ts';
import { type AttemptObserver, Pick, type PickOwner, type UpstreamObserver } from './pick.ts';
import { Upstream } from './upstream.ts';

export interface UpstreamPoolOptions {
  readonly service: string;
  readonly discovery: Discovery;
  readonly balancer: Balancer<Upstream>;
  readonly clock: Clock;
  /** Asks an instance whether it is well. */
  readonly probe: Probe;
  /** Default: {@link defaultHealthSettings}. */
  readonly health?: HealthSettings;
  /** From 0 to below 1; default `Math.random`. */
  readonly random?: () => number;
  readonly attempts?: AttemptObserver;
  readonly upstreams?: UpstreamObserver;
}

const none: readonly Upstream[] = [];

/** The instances of one service, kept in step with discovery. Picks from memory and never waits. */
export class UpstreamPool implements PickOwner {
  readonly service: string;
  readonly #clock: Clock;
  readonly #balancer: Balancer<Upstream>;
  readonly #attempts: AttemptObserver | undefined;
  readonly #options: UpstreamPoolOptions;
  readonly #health: HealthSettings;
  readonly #stopWatching: () => void;
  #upstreams: readonly Upstream[] = none;
  #known = false;

  constructor(options: UpstreamPoolOptions) {
    this.service = options.service;
    this.#clock = options.clock;
    this.#balancer = options.balancer;
    this.#attempts = options.attempts;
    this.#options = options;
    this.#health = options.health ?? defaultHealthSettings;
    this.#stopWatching = options.discovery.watch(options.service, (snapshot) => {
      if (snapshot.state === 'unknown') return;
      this.#known = true;
      this.#apply(snapshot.endpoints);
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

  /** How long an attempt waits for its first byte before {@link Pick.silent} is to be called. */
  get silenceMs(): number {
    return this.#health.silenceMs;
  }

  /** Like {@link pick}, but never one that is set aside: for a request that may as well wait where it is. */
  pickAvailable(tried: readonly Upstream[]): Pick | undefined {
    const nowMs = this.#clock.monotonicMs();
    const upstream = this.#balancer.next(nowMs, tried);
    return upstream === undefined ? undefined : this.#begin(upstream, nowMs);
  }

  /** The same upstream once more, for a second try on a new connection; undefined if it has left the pool. */
  pickAgain(upstream: Upstream): Pick | undefined {
    return upstream.retired ? undefined : this.#begin(upstream, this.#clock.monotonicMs());
  }

  ended(pick: Pick, outcome: Outcome): void {
    const nowMs = this.#clock.monotonicMs();
    pick.upstream.inFlight -= 1;
    pick.upstream.health.attemptEnded(outcome, pick.startedAtMs, nowMs);
    this.#attempts?.attemptEnded(pick.upstream, outcome, nowMs - pick.startedAtMs);
  }

  silent({ upstream, startedAtMs }: Pick): void {
    upstream.health.silent(startedAtMs);
  }

  /** Stops following discovery and lets all upstreams go. */
  close(): void {
    this.#stopWatching();
    this.#apply([]);
  }

  #begin(upstream: Upstream, nowMs: number): Pick {
    upstream.inFlight += 1;
    return new Pick(upstream, nowMs, this);
  }

  #leastBad(tried: readonly Upstream[]): Upstream | undefined {
    let best: Upstream | undefined;
    for (const upstream of this.#upstreams) {
      if (tried.includes(upstream)) continue;
      if (best === undefined || upstream.health.failuresInARow < best.health.failuresInARow) best = upstream;
    }
    return best;
  }

  /** Keeps what is known of each instance that is still at the same place, so that a change elsewhere costs it nothing. */
  #apply(endpoints: readonly Endpoint[]): void {
    const before = new Map(this.#upstreams.map((upstream) => [upstream.id, upstream]));
    const next: Upstream[] = [];
    for (const endpoint of endpoints) {
      const old = before.get(endpoint.id);
      if (old !== undefined && old.address === endpoint.address && old.port === endpoint.port) {
        if (endpoint !== old.endpoint) old.health.announced();
        old.weight = endpoint.weight;
        old.endpoint = endpoint;
        before.delete(endpoint.id);
        next.push(old);
      } else {
        next.push(new Upstream(this.service, endpoint, (upstream) => this.#watchHealth(upstream)));
      }
    }
    this.#upstreams = next;
    this.#balancer.update(next);
    for (const gone of before.values()) {
      gone.retired = true;
      gone.health.close();
      gone.slot?.retire();
    }
  }

  #watchHealth(upstream: Upstream): HealthWatch {
    const { clock, probe, upstreams, random = Math.random } = this.#options;
    const { address, port, authority } = upstream;
    return new HealthWatch({
      ...{ address, port, authority, clock, probe, random, settings: this.#health },
      listener: {
        setAside: (reason) => {
          upstreams?.upstreamSetAside(upstream, reason);
          upstream.slot?.setAside();
        },
        returned: () => upstreams?.upstreamReturned(upstream),
      },
    });
  }
}
