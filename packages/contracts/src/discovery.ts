import type { Endpoint } from './endpoint.ts';

/**
 * What is known about the endpoints of one service.
 * - `unknown`: nothing has been received yet.
 * - `fresh`: this is the current list. An empty list is an answer: there is no instance.
 * - `stale`: the source is unavailable, and this is its last list; or the registry has lost its data, and some
 *   endpoints are known from before. Keep using them.
 */
export interface ServiceSnapshot {
  readonly service: string;
  readonly state: 'unknown' | 'fresh' | 'stale';
  /**
   * Only those that may get traffic, sorted by id, each id once. An unchanged endpoint keeps its object identity; a new
   * object under the same id means that it has changed, or was announced again.
   */
  readonly endpoints: readonly Endpoint[];
}

/** Finds the endpoints of services, from memory. */
export interface Discovery {
  /** What is known now. Starts to follow the service on first use. Never waits. */
  snapshot(service: string): ServiceSnapshot;
  /** Calls `listener` now, and after each change. Returns a function that stops it. */
  watch(service: string, listener: (snapshot: ServiceSnapshot) => void): () => void;
  /** Resolves when the first answer about `service` has arrived; rejects with the signal's reason. */
  whenKnown(service: string, signal: AbortSignal): Promise<ServiceSnapshot>;
  /** Stops following everything. */
  close(): Promise<void>;
}
