import type { Endpoint } from '@flotilla/contracts';

/** Whose endpoints are asked for, and who listens. */
export interface FollowRequest {
  readonly service: string;
  /**
   * All there is of the service now: those that may get traffic, in any order. An empty list is believed, so whoever does
   * not know for certain has to fail instead. The same list again is no change, and neither is another order; of two
   * endpoints with one id the first counts. Each call says too that the source is alive.
   */
  onEndpoints(endpoints: readonly Endpoint[]): void;
  /** Something arrived that changes nothing: the connection is alive. */
  onActivity(): void;
  /** This one run's own. */
  readonly signal: AbortSignal;
}

/**
 * A kind of discovery that can say "these are all the endpoints of a service now", again and again: a list, DNS, a
 * blocking query. Retries, waits between them, order, and what is kept while it fails are not its business.
 */
export interface SnapshotSource {
  /** How long it may be silent before a run counts as lost, in milliseconds. Undefined: silence says nothing. */
  readonly silenceLimitMs: number | undefined;
  /** Tells what there is as soon as it knows, and after each change, until `signal` aborts; rejects when it can't say. */
  follow(request: FollowRequest): Promise<void>;
  /** Frees connections. */
  close(): void;
}
