import type { Endpoint } from './endpoint.ts';

/**
 * What is known of one service's endpoints.
 * - `unknown`: nothing has been heard yet.
 * - `fresh`: this is what there is now. An empty list is an answer: there is none.
 * - `stale`: nobody can be asked, and this is what was said last; or the registry has lost what it knew, and some of these
 *   are known from before. Keep using it.
 */
export interface ServiceSnapshot {
  readonly service: string;
  readonly state: 'unknown' | 'fresh' | 'stale';
  /**
   * Only those that may get traffic, in a stable order (by id), each id once. One that has not changed keeps its object
   * identity; another object under the same id is news of it: it has changed, or was announced anew.
   */
  readonly endpoints: readonly Endpoint[];
}

/** Finds the endpoints of services, from memory. */
export interface Discovery {
  /** What is known now. Starts to follow the service if nobody has asked for it before. Never waits. */
  snapshot(service: string): ServiceSnapshot;
  /** Calls `listener` now, and after each change. Returns what ends it. */
  watch(service: string, listener: (snapshot: ServiceSnapshot) => void): () => void;
  /** Settles when the first answer about `service` is there; rejects with the signal's reason. */
  whenKnown(service: string, signal: AbortSignal): Promise<ServiceSnapshot>;
  /** Stops following everything. */
  close(): Promise<void>;
}
