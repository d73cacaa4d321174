import { WeightedRotation } from '@flotilla/kit/scheduling';
import type { Balancer, Candidate, Candidates } from './balancer.ts';
import type { BalancerKind } from './balancer-kind.ts';

/** Instances take turns in proportion to their weights, interleaved: weights 3 and 1 give a a b a. The default. */
export interface WeightedRoundRobinBalance {
  /** The balancer. */
  readonly kind: 'weighted-round-robin';
}

class WeightedRoundRobin<C extends Candidate> implements Balancer<C> {
  readonly #rotation: WeightedRotation<C>;

  constructor(candidates: Candidates<C>, random: () => number) {
    // Each worker begins elsewhere: in step, they would send their first requests all to the same instance.
    this.#rotation = new WeightedRotation(random);
    for (const candidate of candidates.all) this.joined(candidate);
  }

  next(_key: number | undefined, tried: readonly C[]): C | undefined {
    return this.#rotation.next(tried);
  }

  joined(candidate: C): void {
    this.#rotation.set(candidate, candidate.weight);
  }

  left(candidate: C): void {
    this.#rotation.delete(candidate);
  }

  changed(candidate: C): void {
    this.#rotation.set(candidate, candidate.weight);
  }
}

export const weightedRoundRobin: BalancerKind<WeightedRoundRobinBalance> = {
  kind: 'weighted-round-robin',
  example: { kind: 'weighted-round-robin' },
  options: {},
  foreignNames: ['round-robin', 'rr', 'wrr'],
  create: (_options, candidates, random) => new WeightedRoundRobin(candidates, random),
};
