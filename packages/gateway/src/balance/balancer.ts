import type { Endpoint } from '@flotilla/contracts';

/** What a balancer may know about an instance. */
export interface Candidate {
  /** The instance's id in discovery: the same in all workers, and after a restart. */
  readonly id: string;
  /** Its share of the traffic relative to the others, from 1. Instances of weight 0 take part as 1 when no other is left. */
  readonly weight: number;
  /** Attempts going on, of whatever route. */
  readonly inFlight: number;
  /** Its tags, metadata, zone and version, as discovery shows them. */
  readonly endpoint: Endpoint;
}

/** The instances to choose from now. The object stays the same: a balancer that looks again sees the changes. */
export interface Candidates<C extends Candidate> {
  /** All of them, in no particular order. None that is set aside, and none of weight 0 while there is another. */
  readonly all: readonly C[];
  /** The sum of their weights. */
  readonly weight: number;
  /** Attempts going on at the service. */
  readonly inFlight: number;
}

/**
 * Chooses one of several candidates. Knows nothing of HTTP. Its optional methods say what it wants to hear about;
 * candidates from before its creation are in the {@link Candidates} it is created with.
 */
export interface Balancer<C extends Candidate> {
  /**
   * The candidate for the next attempt; undefined only when `tried` has all. Synchronous, from memory, and allocates
   * nothing unless something was tried.
   *
   * @param key what the request has in common with others, from 0 to below 2^30; undefined when its kind asks for none,
   *   or the request has none
   * @param tried whom this request must not go to any more: usually nobody
   */
  next(key: number | undefined, tried: readonly C[]): C | undefined;
  /** A candidate has joined: it is new, or healthy again. */
  joined?(candidate: C): void;
  /** A candidate has left: it is gone, or was set aside. */
  left?(candidate: C): void;
  /** A candidate's weight may have changed, or what its endpoint says. */
  changed?(candidate: C): void;
  /** An attempt begins at an instance, which may no longer be a candidate; its `inFlight` includes it. */
  began?(candidate: C): void;
  /**
   * An attempt has ended after `durationMs`, bodies included; `inFlight` no longer includes it. `answered`: there was
   * an answer, with any status.
   */
  ended?(candidate: C, durationMs: number, answered: boolean): void;
}
