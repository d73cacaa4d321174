import type { Candidate } from './balancer.ts';
import { hashOf, mix } from './hash.ts';

/** A power of two. With so many slots the shares of ten instances differ by about one per cent. */
export const slotCount = 65_536;

interface Bidder<C extends Candidate> {
  readonly candidate: C;
  readonly weight: number;
  /** Two numbers made of the id: by one alone, two of some thousand ids would often be taken for the same. */
  readonly seed: number;
  readonly salt: number;
  present: boolean;
}

/**
 * Which candidate owns which slot, by weighted rendezvous: for each slot every candidate draws a number out of its id and
 * its weight, and the lowest owns it. So it depends on nothing but who is there: not on the order in which they came, nor on
 * what was before. When one comes, it takes its share evenly from all; when one leaves, its slots spread over all others; no
 * other slot moves.
 *
 * Draws are made when a slot is asked for, and kept. A change costs nothing by itself: a slot looks at who has come since it
 * was last asked for, and draws anew when its owner has left.
 */
export class RendezvousTable<C extends Candidate> {
  readonly #bidders = new Map<C, Bidder<C>>();
  /** Who has come, in that order; those who have left are still there, until there are too many of them. */
  #arrivals: Bidder<C>[] = [];
  readonly #owners: (Bidder<C> | undefined)[] = new Array<undefined>(slotCount).fill(undefined);
  /** How many of the arrivals each slot's owner has been compared with. */
  readonly #compared = new Uint32Array(slotCount);

  add(candidate: C): void {
    const { id, weight } = candidate;
    const bidder = { candidate, weight, seed: mix(hashOf(id)), salt: mix(hashOf(`${id}#`)), present: true };
    this.#bidders.set(candidate, bidder);
    this.#arrivals.push(bidder);
    if (this.#arrivals.length > 2 * this.#bidders.size + 64) this.#forgetThoseGone();
  }

  /** A candidate may have another weight: it gains or loses slots for that, and no other changes hands. */
  reweigh(candidate: C): void {
    if (this.#bidders.get(candidate)?.weight === candidate.weight) return;
    this.remove(candidate);
    this.add(candidate);
  }

  remove(candidate: C): void {
    const bidder = this.#bidders.get(candidate);
    if (bidder === undefined) return;
    bidder.present = false;
    this.#bidders.delete(candidate);
  }

  /** Who owns a slot; undefined when there is nobody. */
  ownerOf(slot: number): C | undefined {
    let owner = this.#owners[slot];
    let from = this.#compared[slot] ?? 0;
    if (owner?.present === true && from === this.#arrivals.length) return owner.candidate;
    if (owner?.present !== true) {
      owner = undefined;
      from = 0;
    }
    owner = this.#lowest(slot, from, owner, nobody);
    this.#owners[slot] = owner;
    this.#compared[slot] = this.#arrivals.length;
    return owner?.candidate;
  }

  /** Who would own a slot if `except` were not there. Looks at everybody. */
  ownerWithout(slot: number, except: readonly C[]): C | undefined {
    return this.#lowest(slot, 0, undefined, except)?.candidate;
  }

  /** Who draws the lowest of those that have come since `from`, and of `champion`. */
  #lowest(slot: number, from: number, champion: Bidder<C> | undefined, except: readonly C[]): Bidder<C> | undefined {
    const place = mix(slot + 1);
    let best = champion;
    let lowest = best === undefined ? Number.POSITIVE_INFINITY : timeOf(drawOf(best, place), best.weight);
    for (let at = from; at < this.#arrivals.length; at++) {
      const bidder = this.#arrivals[at];
      if (bidder === undefined || !bidder.present || except.includes(bidder.candidate)) continue;
      const draw = drawOf(bidder, place);
      // Its time is no less than that: most are out of the race without a logarithm.
      if (draw > lowest * bidder.weight) continue;
      const time = timeOf(draw, bidder.weight);
      if (time > lowest || (time === lowest && best !== undefined && best.candidate.id < bidder.candidate.id)) continue;
      best = bidder;
      lowest = time;
    }
    return best;
  }

  #forgetThoseGone(): void {
    this.#arrivals = [...this.#bidders.values()];
    this.#owners.fill(undefined);
  }
}

const nobody: readonly never[] = [];

/** From above 0 to below 1, evenly. */
function drawOf({ seed, salt }: Bidder<Candidate>, place: number): number {
  return ((mix(mix(seed ^ place) ^ salt) >>> 0) + 0.5) / 0x1_00_00_00_00;
}

/** Made so that the chance to have the lowest is proportional to the weight. */
function timeOf(draw: number, weight: number): number {
  return -Math.log1p(-draw) / weight;
}
