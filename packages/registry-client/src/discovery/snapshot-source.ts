import type { Endpoint } from '@flotilla/contracts';

/** Which service to follow, and who listens. */
export interface FollowRequest {
  readonly service: string;
  /**
   * All current endpoints of the service that may get traffic, in any order. An empty list is believed, so a source
   * that is not certain has to fail instead. The same list again, or another order, is no change; of two endpoints with
   * one id, the first counts. Each call is also a sign of life of the source.
   *
   * @param state `stale` if some of them are known from before only: the source has lost what it knew. Default `fresh`
   */
  onEndpoints(endpoints: readonly Endpoint[], state?: 'fresh' | 'stale'): void;
  /** Something arrived that changes nothing: the connection is alive. */
  onActivity(): void;
  /** This one run's own. */
  readonly signal: AbortSignal;
}

/**
 * A kind of discovery that can list all current endpoints of a service, again and again: a list, DNS, a blocking query.
 * Retries, the waits between them, order, and what to keep during a failure are handled elsewhere.
 */
export interface SnapshotSource {
  /** How long it may be silent before a run counts as lost, in milliseconds. Undefined: silence says nothing. */
  readonly silenceLimitMs: number | undefined;
  /**
   * Reports the endpoints as soon as they are known, and after each change, until `signal` aborts; rejects when it
   * cannot.
   */
  follow(request: FollowRequest): Promise<void>;
  /** Frees connections. */
  close(): void;
}
