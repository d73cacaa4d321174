import type { Endpoint } from '@flotilla/contracts';
import type { Balancer, Candidate, Candidates } from '@flotilla/gateway';

export interface FakeCandidate extends Candidate {
  weight: number;
  inFlight: number;
}

const place: Omit<Endpoint, 'id' | 'weight'> = {
  ...{ scheme: 'http', address: '10.0.0.1', port: 80, tags: [], metadata: {}, zone: undefined, version: undefined },
};

/** Instances that a test lets come, go and be busy, with one balancer that is told of it. */
export class FakeCandidates implements Candidates<FakeCandidate> {
  readonly all: FakeCandidate[] = [];
  #balancer: Balancer<FakeCandidate> | undefined;

  /** @param weights by id, of those who are there from the beginning */
  constructor(weights: Readonly<Record<string, number>> = {}) {
    for (const [id, weight] of Object.entries(weights)) this.join(id, weight);
  }

  get weight(): number {
    return this.all.reduce((sum, { weight }) => sum + weight, 0);
  }

  get inFlight(): number {
    return this.all.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Who hears of everything from now on. */
  tell(balancer: Balancer<FakeCandidate>): void {
    this.#balancer = balancer;
  }

  join(id: string, weight = 1): FakeCandidate {
    const candidate = { id, weight, inFlight: 0, endpoint: { ...place, id, weight } };
    this.all.push(candidate);
    this.#balancer?.joined?.(candidate);
    return candidate;
  }

  leave(id: string): void {
    const candidate = this.of(id);
    this.all.splice(this.all.indexOf(candidate), 1);
    this.#balancer?.left?.(candidate);
  }

  reweigh(id: string, weight: number): void {
    const candidate = this.of(id);
    candidate.weight = weight;
    this.#balancer?.changed?.(candidate);
  }

  begin(candidate: FakeCandidate): void {
    candidate.inFlight += 1;
    this.#balancer?.began?.(candidate);
  }

  end(candidate: FakeCandidate, durationMs = 1): void {
    candidate.inFlight -= 1;
    this.#balancer?.ended?.(candidate, durationMs, true);
  }

  /** @throws Error when there is none of this id */
  of(id: string): FakeCandidate {
    const found = this.all.find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`No candidate ${id}`);
    return found;
  }
}
