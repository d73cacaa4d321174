import type { Balancer, Candidate } from './balancer.ts';

interface Turn<C extends Candidate> {
  readonly candidate: C;
  /** Grows by the weight each round and pays for being chosen. */
  credit: number;
}

/**
 * Round robin by weight, smoothly: weights 3 and 1 give A A B A, not A A A B. With equal weights it is plain round
 * robin. Candidates of weight 0 take turns among themselves when no other is available.
 */
export class SmoothWeightedRoundRobin<C extends Candidate> implements Balancer<C> {
  #turns: Turn<C>[] = [];

  update(candidates: readonly C[]): void {
    const before = new Map(this.#turns.map((turn) => [turn.candidate, turn]));
    // Those that stay keep their credit, so a change does not send the next requests all to one.
    this.#turns = candidates.map((candidate) => before.get(candidate) ?? { candidate, credit: 0 });
  }

  next(nowMs: number, tried: readonly C[]): C | undefined {
    return this.#choose(nowMs, tried, false) ?? this.#choose(nowMs, tried, true);
  }

  /** `lastResort`: choose among those of weight 0, each counting as 1; otherwise among the others. */
  #choose(nowMs: number, tried: readonly C[], lastResort: boolean): C | undefined {
    let best: Turn<C> | undefined;
    let total = 0;
    for (const turn of this.#turns) {
      const candidate = turn.candidate;
      if ((candidate.weight === 0) !== lastResort || !candidate.isAvailable(nowMs)) continue;
      if (tried.length > 0 && tried.includes(candidate)) continue;
      const weight = lastResort ? 1 : candidate.weight;
      total += weight;
      turn.credit += weight;
      if (best === undefined || turn.credit > best.credit) best = turn;
    }
    if (best === undefined) return undefined;
    best.credit -= total;
    return best.candidate;
  }
}
