import type { ServiceInstance } from './service-instance.ts';

/**
 * What is known of one service's instances.
 * - `unknown`: nothing has been heard from the registry yet.
 * - `fresh`: this is what the registry says now. An empty list is an answer: there is no instance.
 * - `stale`: the registry can't be reached, and this is what it said last; or it has lost what it knew, and some of these
 *   are known from before. Keep using it.
 */
export interface ServiceSnapshot {
  readonly service: string;
  readonly state: 'unknown' | 'fresh' | 'stale';
  readonly revision: number;
  /** Only instances that may get traffic, in a stable order (by id). Unchanged instances keep their object identity. */
  readonly instances: readonly ServiceInstance[];
}

/** Finds the instances of services, from memory. One implementation per kind of registry. */
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
