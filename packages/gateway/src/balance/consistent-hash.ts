import { z } from 'zod';
import type { Balancer, Candidate, Candidates } from './balancer.ts';
import type { BalancerKind } from './balancer-kind.ts';
import { mix } from './hash.ts';
import { type KeySource, keySourceSchema } from './key-source.ts';
import { RendezvousTable, slotCount } from './rendezvous.ts';

/**
 * Requests with the same key go to the same instance, on every worker of every gateway, and after a restart too: the
 * choice depends only on the ids and weights of the healthy instances. When an instance joins, it takes its share of
 * the keys evenly from all others; when one leaves or is set aside, its keys spread over the others, and no other key
 * moves. A retry goes to where the key would go if the instance were gone.
 */
export interface ConsistentHashBalance {
  /** The balancer. */
  readonly kind: 'consistent-hash';
  /** What the key is. */
  readonly key: KeySource;
  /**
   * How many times its share of the requests in progress an instance may have; requests beyond that go to another
   * instance for as long as that is so. For caches, where one key may be more than an instance can bear: 1.25 is usual.
   * Default: no bound, since a key that has state in an instance must not leave it.
   */
  readonly loadFactor?: number;
}

/** How many others are looked at when the owner of a key has too much to do. */
const mostProbes = 16;

class ConsistentHash<C extends Candidate> implements Balancer<C> {
  readonly #candidates: Candidates<C>;
  readonly #table = new RendezvousTable<C>();
  readonly #random: () => number;
  readonly #loadFactor: number;

  constructor(loadFactor: number, candidates: Candidates<C>, random: () => number) {
    this.#candidates = candidates;
    this.#random = random;
    this.#loadFactor = loadFactor;
    for (const candidate of candidates.all) this.joined(candidate);
  }

  next(key: number | undefined, tried: readonly C[]): C | undefined {
    // One slot for all that have no key would send them all to one instance.
    const start = key ?? Math.floor(this.#random() * slotCount);
    const slot = start % slotCount;
    const owner = tried.length === 0 ? this.#table.ownerOf(slot) : this.#table.ownerWithout(slot, tried);
    return owner === undefined || !this.#isFull(owner) ? owner : this.#leastLoaded(owner, start, tried);
  }

  joined(candidate: C): void {
    this.#table.add(candidate);
  }

  left(candidate: C): void {
    this.#table.remove(candidate);
  }

  changed(candidate: C): void {
    this.#table.reweigh(candidate);
  }

  #isFull(candidate: C): boolean {
    if (this.#loadFactor === Number.POSITIVE_INFINITY) return false;
    const { inFlight, weight } = this.#candidates;
    return candidate.inFlight >= Math.ceil((this.#loadFactor * (inFlight + 1) * candidate.weight) / weight);
  }

  /** The first that is not full on the way that this key goes in every worker; if there is none, the least loaded of them. */
  #leastLoaded(owner: C, key: number, tried: readonly C[]): C {
    let least = owner;
    for (let probe = 1; probe <= mostProbes; probe++) {
      const other = this.#table.ownerOf(mix(key + probe) & (slotCount - 1));
      if (other === undefined || tried.includes(other)) continue;
      if (!this.#isFull(other)) return other;
      if (other.inFlight / other.weight < least.inFlight / least.weight) least = other;
    }
    return least;
  }
}

export const consistentHash: BalancerKind<ConsistentHashBalance> = {
  kind: 'consistent-hash',
  example: { kind: 'consistent-hash', key: { from: 'header', name: 'X-Tenant' } },
  options: {
    key: keySourceSchema,
    loadFactor: z
      .number()
      .min(1.05, 'must be at least 1.05: with less, there is often no instance to pick')
      .max(100)
      .exactOptional(),
  },
  foreignNames: ['hash', 'ring-hash', 'ringhash', 'maglev', 'chash', 'ip-hash', 'uri-hash', 'sticky', 'ketama'],
  keyOf: ({ key }) => key,
  create: ({ loadFactor = Number.POSITIVE_INFINITY }, candidates, random) =>
    new ConsistentHash(loadFactor, candidates, random),
};
