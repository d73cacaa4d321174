import type { Balancer, Candidate, Candidates } from './balancer.ts';

/** What the set reads of an instance to decide whether it is to be chosen from. */
export interface Member extends Candidate {
  inFlight: number;
  /** Its weight is 0: it takes part only when no other is left. */
  readonly lastResort: boolean;
  /** Whether it is well. */
  isAvailable(): boolean;
}

type Standing = 'preferred' | 'reserve' | 'out';

interface Seat {
  standing: Standing;
  /** Where it is among `all`; -1 while it is not there. */
  index: number;
  /** As the balancers know it. */
  weight: number;
}

/**
 * Which instances of a service are to be chosen from, kept as they change one by one, so that a balancer never has to
 * leave out one that is not well, nor know what weight 0 means. Tells balancers what they ask to be told.
 */
export class CandidateSet<C extends Member> implements Candidates<C> {
  readonly all: C[] = [];
  weight = 0;
  inFlight = 0;
  readonly #seats = new Map<C, Seat>();
  /** Those that are well, of weight 0. */
  readonly #reserve = new Set<C>();
  readonly #balancers: Balancer<C>[] = [];
  /** Those of the balancers that want to hear of attempts. Gone through by index: it is empty for most, on every request. */
  readonly #listeners: Balancer<C>[] = [];
  #preferred = 0;

  /** Tells `balancer` from now on. */
  serve(balancer: Balancer<C>): void {
    this.#balancers.push(balancer);
    if (balancer.began !== undefined || balancer.ended !== undefined) this.#listeners.push(balancer);
  }

  /** A member is new, or has changed: its weight, or whether it is available. */
  refresh(member: C): void {
    const standing = !member.isAvailable() ? 'out' : member.lastResort ? 'reserve' : 'preferred';
    let seat = this.#seats.get(member);
    if (seat === undefined) {
      seat = { standing: 'out', index: -1, weight: member.weight };
      this.#seats.set(member, seat);
    }
    if (seat.standing !== standing) this.#move(member, seat, standing);
    else if (seat.index >= 0) this.#change(member, seat);
  }

  /** A member has left the service. */
  remove(member: C): void {
    const seat = this.#seats.get(member);
    if (seat === undefined) return;
    this.#move(member, seat, 'out');
    this.#seats.delete(member);
  }

  /** The least busy of those that are well, but held back because of their weight; none of `tried`. */
  heldBack(tried: readonly C[]): C | undefined {
    let least: C | undefined;
    for (const member of this.#reserve) {
      if (tried.includes(member)) continue;
      if (least === undefined || member.inFlight < least.inFlight) least = member;
    }
    return least;
  }

  /** An attempt begins at `member`. */
  began(member: C): void {
    member.inFlight += 1;
    this.inFlight += 1;
    for (let at = 0; at < this.#listeners.length; at++) this.#listeners[at]?.began?.(member);
  }

  /** An attempt at `member` has ended. */
  ended(member: C, durationMs: number, answered: boolean): void {
    member.inFlight -= 1;
    this.inFlight -= 1;
    for (let at = 0; at < this.#listeners.length; at++) this.#listeners[at]?.ended?.(member, durationMs, answered);
  }

  #move(member: C, seat: Seat, standing: Standing): void {
    const before = seat.standing;
    if (before === standing) return;
    seat.standing = standing;
    this.#reserve.delete(member);
    if (standing === 'reserve') this.#reserve.add(member);
    if (before === 'preferred') this.#preferred -= 1;
    if (standing === 'preferred') this.#preferred += 1;
    this.#seat(member, seat);
    const isFirst = standing === 'preferred' && this.#preferred === 1;
    const wasLast = before === 'preferred' && this.#preferred === 0;
    if (isFirst || wasLast) this.#seatReserve();
  }

  /** The first of the preferred sends the reserve away, the last of them brings it in. */
  #seatReserve(): void {
    for (const member of this.#reserve) {
      const seat = this.#seats.get(member);
      if (seat !== undefined) this.#seat(member, seat);
    }
  }

  /** Lets a member in or out, as is its due now. */
  #seat(member: C, seat: Seat): void {
    const belongs = seat.standing === 'preferred' || (seat.standing === 'reserve' && this.#preferred === 0);
    if (!belongs) this.#leave(member, seat);
    else if (seat.index < 0) this.#enter(member, seat);
    else if (seat.weight !== member.weight) this.#change(member, seat);
  }

  #enter(member: C, seat: Seat): void {
    seat.index = this.all.length;
    seat.weight = member.weight;
    this.all.push(member);
    this.weight += seat.weight;
    for (const balancer of this.#balancers) balancer.joined?.(member);
  }

  #leave(member: C, seat: Seat): void {
    if (seat.index < 0) return;
    const last = this.all.pop();
    if (last !== undefined && last !== member) {
      this.all[seat.index] = last;
      const its = this.#seats.get(last);
      if (its !== undefined) its.index = seat.index;
    }
    seat.index = -1;
    this.weight -= seat.weight;
    for (const balancer of this.#balancers) balancer.left?.(member);
  }

  #change(member: C, seat: Seat): void {
    this.weight += member.weight - seat.weight;
    seat.weight = member.weight;
    for (const balancer of this.#balancers) balancer.changed?.(member);
  }
}
