import { Heap, type HeapItem } from '@flotilla/kit/scheduling';
import type { Balancer, Candidate, Candidates } from './balancer.ts';
import type { BalancerKind } from './balancer-kind.ts';

/**
 * Picks the instance with the fewest requests in progress in proportion to its weight; equals take turns by weight. For
 * requests that differ much in duration, or instances that differ in speed. Each worker of a gateway counts its own
 * requests.
 */
export interface LeastInFlightBalance {
  /** The balancer. */
  readonly kind: 'least-in-flight';
}

interface Entry<C extends Candidate> extends HeapItem {
  readonly candidate: C;
  /** Attempts going on in proportion to the weight. */
  load: number;
  /** Among equals, when it is its turn. */
  due: number;
}

/**
 * All are in a heap, so the least is found among ten thousand as among two, and always it: looking at two taken at random
 * leaves some idle while others queue, which shows most with few instances.
 */
class LeastInFlight<C extends Candidate> implements Balancer<C> {
  readonly #entries = new Map<C, Entry<C>>();
  readonly #heap = new Heap<Entry<C>>((a, b) => a.load < b.load || (a.load === b.load && a.due < b.due));
  readonly #random: () => number;
  #now = 0;

  constructor(candidates: Candidates<C>, random: () => number) {
    this.#random = random;
    for (const candidate of candidates.all) this.joined(candidate);
  }

  next(_key: number | undefined, tried: readonly C[]): C | undefined {
    const entry =
      tried.length === 0 ? this.#heap.peek() : this.#heap.peekWhere(({ candidate }) => !tried.includes(candidate));
    if (entry === undefined) return undefined;
    // One that was busy for long does not make up for the turns it had to leave to others.
    this.#now = Math.max(this.#now, entry.due);
    entry.due = this.#now + 1 / entry.candidate.weight;
    this.#heap.putBack(entry);
    return entry.candidate;
  }

  joined(candidate: C): void {
    const { inFlight, weight } = candidate;
    const due = this.#now + this.#random() / weight;
    const entry = { candidate, load: inFlight / weight, due, heapIndex: -1 };
    this.#entries.set(candidate, entry);
    this.#heap.add(entry);
  }

  left(candidate: C): void {
    const entry = this.#entries.get(candidate);
    if (entry === undefined) return;
    this.#entries.delete(candidate);
    this.#heap.remove(entry);
  }

  changed(candidate: C): void {
    this.#weigh(candidate);
  }

  began(candidate: C): void {
    this.#weigh(candidate);
  }

  ended(candidate: C): void {
    this.#weigh(candidate);
  }

  #weigh(candidate: C): void {
    const entry = this.#entries.get(candidate);
    if (entry === undefined) return;
    entry.load = candidate.inFlight / candidate.weight;
    this.#heap.moved(entry);
  }
}

export const leastInFlight: BalancerKind<LeastInFlightBalance> = {
  kind: 'least-in-flight',
  example: { kind: 'least-in-flight' },
  options: {},
  foreignNames: [
    'least-conn',
    'leastconn',
    'least-connections',
    'least-connection',
    'least-request',
    'least-requests',
    'p2c',
  ],
  create: (_options, candidates, random) => new LeastInFlight(candidates, random),
};
