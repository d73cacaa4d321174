import type { Endpoint } from '@flotilla/contracts';

/** What a balancer may know of an instance. */
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

/** Those that are to be chosen from now. It lives on: a balancer that looks again sees what has changed. */
export interface Candidates<C extends Candidate> {
  /** All of them, in no order. None that is set aside, none of weight 0 while there is another. */
  readonly all: readonly C[];
  /** The sum of their weights. */
  readonly weight: number;
  /** Attempts going on at the service. */
  readonly inFlight: number;
}

/**
 * Chooses one of several candidates. Knows nothing of HTTP. It says with its optional methods what it wants to be told;
 * who comes before its making is in the {@link Candidates} it is made with.
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
  /** A candidate has come: it is new, or well again. */
  joined?(candidate: C): void;
  /** A candidate has left: it is gone, or was set aside. */
  left?(candidate: C): void;
  /** A candidate's weight may have changed, or what its endpoint says. */
  changed?(candidate: C): void;
  /** An attempt begins at an instance, which need not be a candidate any more; its `inFlight` counts it. */
  began?(candidate: C): void;
  /**
   * An attempt has ended, after `durationMs`, its bodies included; `inFlight` counts it no more. `answered`: with an answer
   * of whatever status.
   */
  ended?(candidate: C, durationMs: number, answered: boolean): void;
}
