import type { Endpoint } from '@flotilla/contracts';
import type { WholeAnswer } from '@flotilla/contracts/http-client';
import { foreignRefusal } from '../http/foreign-answer.ts';
import { askRegistry, jsonIn, type RegistryHttp } from '../http/registry-http.ts';
import { endpointOf, namesOf } from './eureka-endpoint.ts';
import { type EurekaApplications, type EurekaInstance, keyOf, readApplications } from './eureka-instance.ts';

/** The largest answer that is read: 50,000 instances with some metadata each. */
const maxAnswerBytes = 128 * 1_048_576;
/** How long instances stay in use that a server has forgotten: the default lease, in which a live instance renews three times. */
const rememberMs = 90_000;

/** What is known of a service. */
export interface KnownService {
  readonly endpoints: readonly Endpoint[];
  readonly state: 'fresh' | 'stale';
}

interface Lost {
  readonly instance: EurekaInstance;
  readonly untilMs: number;
}

/**
 * What a Eureka server knows, all of it: read once, and then kept in step by what has changed in the last three minutes.
 * Each delta has a hash; where ours is another, everything is read again.
 *
 * An instance that is gone without a delta that says so was forgotten: by a server that was restarted, or that has not
 * heard from its peers yet. It stays in use for a while, and callers are told that it is `stale`.
 */
export class EurekaCatalog {
  readonly #http: RegistryHttp;
  /** Which server the instances are of. */
  #base: string | undefined;
  #instances: ReadonlyMap<string, EurekaInstance> = new Map();
  /** The same, by their names in upper case. */
  #byName: ReadonlyMap<string, readonly EurekaInstance[]> = new Map();
  readonly #lost = new Map<string, Lost>();

  constructor(http: RegistryHttp) {
    this.#http = http;
  }

  /** Brings it up to date. */
  refresh(signal: AbortSignal): Promise<void> {
    return this.#http.addresses.tryInTurn(signal, async (base) => {
      const delta = this.#base === base.href ? await this.#readDelta(base, signal) : undefined;
      const isDelta = delta !== undefined && delta !== 'disabled';
      const next = isDelta ? withChanges(this.#instances, delta) : undefined;
      const deleted = new Set(isDelta ? delta.instances.filter(isDeletion).map(keyOf) : []);
      if (isDelta && next !== undefined && hashOf(next) === delta.hash) this.#take(next, deleted);
      else {
        const { instances } = await this.#read('apps', base, signal);
        const all = new Map(instances.map((each) => [keyOf(each), each]));
        // Where deltas are turned off, nobody can tell who is gone from who was forgotten.
        if (delta !== 'disabled') this.#rememberMissing(all, deleted);
        this.#take(all, deleted);
      }
      this.#base = base.href;
    });
  }

  service(name: string): KnownService {
    const nowMs = this.#http.clock.monotonicMs();
    const upper = name.toUpperCase();
    const shown = this.#byName.get(upper) ?? [];
    const lost = [...this.#lost.values()].flatMap(({ instance, untilMs }) =>
      untilMs > nowMs && namesOf(instance).has(upper) ? [instance] : [],
    );
    const endpoints = [...shown, ...lost].flatMap((each) => endpointOf(each) ?? []);
    return { endpoints, state: lost.length === 0 ? 'fresh' : 'stale' };
  }

  #take(next: ReadonlyMap<string, EurekaInstance>, deleted: ReadonlySet<string>): void {
    if (next !== this.#instances) this.#byName = byName(next);
    this.#instances = next;
    const nowMs = this.#http.clock.monotonicMs();
    for (const [key, { untilMs }] of this.#lost)
      if (next.has(key) || deleted.has(key) || untilMs <= nowMs) this.#lost.delete(key);
  }

  #rememberMissing(all: ReadonlyMap<string, EurekaInstance>, deleted: ReadonlySet<string>): void {
    const untilMs = this.#http.clock.monotonicMs() + rememberMs;
    for (const [key, instance] of this.#instances)
      if (!all.has(key) && !deleted.has(key)) this.#lost.set(key, { instance, untilMs });
  }

  /** `disabled`: this server has no deltas. */
  async #readDelta(base: URL, signal: AbortSignal): Promise<EurekaApplications | 'disabled'> {
    const answer = await this.#get('apps/delta', base, signal);
    if (answer.status === 403 || answer.status === 404) return 'disabled';
    return applicationsIn(answer);
  }

  async #read(path: string, base: URL, signal: AbortSignal): Promise<EurekaApplications> {
    return applicationsIn(await this.#get(path, base, signal));
  }

  #get(path: string, base: URL, signal: AbortSignal): Promise<WholeAnswer> {
    const url = new URL(path, base);
    return askRegistry(this.#http, { method: 'GET', url, signal, maxBodyBytes: maxAnswerBytes });
  }
}

function applicationsIn(answer: WholeAnswer): EurekaApplications {
  if (answer.status !== 200) throw foreignRefusal('Eureka', answer);
  return readApplications(jsonIn(answer.body));
}

function withChanges(
  before: ReadonlyMap<string, EurekaInstance>,
  { instances }: EurekaApplications,
): ReadonlyMap<string, EurekaInstance> {
  if (instances.length === 0) return before;
  const next = new Map(before);
  for (const each of instances) {
    if (isDeletion(each)) next.delete(keyOf(each));
    else next.set(keyOf(each), each);
  }
  return next;
}

function byName(instances: ReadonlyMap<string, EurekaInstance>): ReadonlyMap<string, readonly EurekaInstance[]> {
  const found = new Map<string, EurekaInstance[]>();
  for (const instance of instances.values()) {
    for (const name of namesOf(instance)) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [instance]);
      else known.push(instance);
    }
  }
  return found;
}

function isDeletion({ actionType }: EurekaInstance): boolean {
  return actionType === 'DELETED';
}

/** `DOWN_1_UP_2_`, as every client of Eureka counts. */
function hashOf(instances: ReadonlyMap<string, EurekaInstance>): string {
  const counts = new Map<string, number>();
  for (const { status } of instances.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts.keys()]
    .toSorted()
    .map((status) => `${status}_${counts.get(status)}_`)
    .join('');
}
