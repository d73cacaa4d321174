import type { Clock, Discovery, Endpoint } from '@flotilla/contracts';
import type { Outcome } from '../attempt/outcome.ts';
import { CandidateSet } from '../balance/candidate-set.ts';
import { defaultHealthSettings, type HealthSettings } from '../config/health-settings.ts';
import { HealthWatch } from '../health/health-watch.ts';
import type { Probe } from '../health/http-probe.ts';
import type { SetAsideReason } from '../health/instance-health.ts';
import { Upstream } from './upstream.ts';

/** Hears of each attempt that ends, for metrics. */
export interface AttemptObserver {
  attemptEnded(upstream: Upstream, outcome: Outcome, durationMs: number): void;
}

/** Hears what becomes of the upstreams, for the log. */
export interface UpstreamObserver {
  upstreamSetAside(upstream: Upstream, reason: SetAsideReason): void;
  upstreamReturned(upstream: Upstream): void;
}

export interface UpstreamSetOptions {
  readonly service: string;
  readonly discovery: Discovery;
  readonly clock: Clock;
  /** Asks an instance whether it is well. */
  readonly probe: Probe;
  /** Default: {@link defaultHealthSettings}. */
  readonly health?: HealthSettings;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly attempts?: AttemptObserver;
  readonly upstreams?: UpstreamObserver;
}

const none: readonly Upstream[] = [];

/** The instances of one service, kept in step with discovery, and what is known of each. Whoever picks, picks from here. */
export class UpstreamSet {
  readonly service: string;
  /** How long an attempt waits for its first byte before `Pick.silent` is to be called. */
  readonly silenceMs: number;
  /** Those that are to be chosen from now. */
  readonly candidates: CandidateSet<Upstream> = new CandidateSet();
  /** What times the attempts. */
  readonly clock: Clock;
  readonly attempts: AttemptObserver | undefined;
  readonly #options: UpstreamSetOptions;
  readonly #health: HealthSettings;
  readonly #stopWatching: () => void;
  #upstreams: readonly Upstream[] = none;
  /** Those that discovery does not list any more. */
  #gone: readonly Upstream[] = none;
  #known = false;

  constructor(options: UpstreamSetOptions) {
    this.service = options.service;
    this.clock = options.clock;
    this.attempts = options.attempts;
    this.#options = options;
    this.#health = options.health ?? defaultHealthSettings;
    this.silenceMs = this.#health.silenceMs;
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
  get all(): readonly Upstream[] {
    return this.#upstreams;
  }

  /** Those that discovery does not list any more, and to which attempts are still going on. */
  get leaving(): readonly Upstream[] {
    return this.#gone.filter(({ inFlight }) => inFlight > 0);
  }

  /** Of those that are set aside the one with the fewest failures, none of `tried`. */
  leastBad(tried: readonly Upstream[]): Upstream | undefined {
    let best: Upstream | undefined;
    for (const upstream of this.#upstreams) {
      if (tried.includes(upstream)) continue;
      if (best === undefined || upstream.health.failuresInARow < best.health.failuresInARow) best = upstream;
    }
    return best;
  }

  /** Stops following discovery and lets all upstreams go. */
  close(): void {
    this.#stopWatching();
    this.#apply([]);
  }

  /** Keeps what is known of each instance that is still at the same place, so that a change elsewhere costs it nothing. */
  #apply(endpoints: readonly Endpoint[]): void {
    const before = new Map(this.#upstreams.map((upstream) => [upstream.id, upstream]));
    const next: Upstream[] = [];
    for (const endpoint of endpoints) {
      const old = before.get(endpoint.id);
      if (old !== undefined && old.address === endpoint.address && old.port === endpoint.port) {
        if (endpoint !== old.endpoint) this.#renew(old, endpoint);
        before.delete(endpoint.id);
        next.push(old);
      } else {
        const upstream = new Upstream(this.service, endpoint, (its) => this.#watchHealth(its));
        this.candidates.refresh(upstream);
        next.push(upstream);
      }
    }
    this.#upstreams = next;
    this.#gone = [...this.#gone, ...before.values()].filter(({ inFlight }) => inFlight > 0);
    for (const gone of before.values()) {
      gone.retired = true;
      this.candidates.remove(gone);
      gone.health.close();
      gone.slot?.retire();
    }
  }

  #renew(upstream: Upstream, endpoint: Endpoint): void {
    upstream.renew(endpoint);
    this.candidates.refresh(upstream);
    upstream.health.announced();
  }

  #watchHealth(upstream: Upstream): HealthWatch {
    const { clock, probe, upstreams, random } = this.#options;
    const { address, port, authority } = upstream;
    return new HealthWatch({
      ...{ address, port, authority, clock, probe, random, settings: this.#health },
      listener: {
        // The last requests of one that has left may still show how it is. It is nobody's candidate any more.
        setAside: (reason) => {
          if (upstream.retired) return upstream.slot?.setAside();
          // First of all: those who are told below look for another one.
          this.candidates.refresh(upstream);
          upstreams?.upstreamSetAside(upstream, reason);
          upstream.slot?.setAside();
        },
        returned: () => {
          if (upstream.retired) return;
          this.candidates.refresh(upstream);
          upstreams?.upstreamReturned(upstream);
        },
      },
    });
  }
}
