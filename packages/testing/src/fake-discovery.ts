import type { Discovery, ServiceInstance, ServiceSnapshot } from '@flotilla/contracts';

/** Where a fake instance listens, and what else a test wants to say about it. */
export type FakeInstance = Pick<ServiceInstance, 'address' | 'port'> & Partial<ServiceInstance>;

/** A discovery that a test tells what there is. */
export class FakeDiscovery implements Discovery {
  readonly #snapshots = new Map<string, ServiceSnapshot>();
  readonly #listeners = new Map<string, Set<(snapshot: ServiceSnapshot) => void>>();
  #revision = 0;

  /** The registry now has exactly these instances of `service`. */
  set(service: string, instances: readonly FakeInstance[]): void {
    const all = instances.map((one) => toInstance(service, one)).sort((a, b) => (a.id < b.id ? -1 : 1));
    this.#publish({ service, state: 'fresh', revision: ++this.#revision, instances: all });
  }

  /** The registry can't be reached any more. */
  makeStale(service: string): void {
    this.#publish({ ...this.snapshot(service), state: 'stale' });
  }

  snapshot(service: string): ServiceSnapshot {
    return this.#snapshots.get(service) ?? { service, state: 'unknown', revision: 0, instances: [] };
  }

  watch(service: string, listener: (snapshot: ServiceSnapshot) => void): () => void {
    const listeners = this.#listeners.get(service) ?? new Set();
    this.#listeners.set(service, listeners);
    listeners.add(listener);
    listener(this.snapshot(service));
    return () => void listeners.delete(listener);
  }

  /** How many listen for changes of `service`. */
  listenerCount(service: string): number {
    return this.#listeners.get(service)?.size ?? 0;
  }

  whenKnown(service: string, signal: AbortSignal): Promise<ServiceSnapshot> {
    const { promise, resolve, reject } = Promise.withResolvers<ServiceSnapshot>();
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    const stop = this.watch(service, (snapshot) => {
      if (snapshot.state !== 'unknown') resolve(snapshot);
    });
    return promise.finally(stop);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #publish(snapshot: ServiceSnapshot): void {
    this.#snapshots.set(snapshot.service, snapshot);
    for (const listener of this.#listeners.get(snapshot.service) ?? []) listener(snapshot);
  }
}

function toInstance(name: string, given: FakeInstance): ServiceInstance {
  return {
    name,
    id: `${name}-${given.address}-${given.port}`,
    tags: [],
    metadata: {},
    weight: 1,
    status: 'passing',
    lease_ms: 60_000,
    last_seen: '2026-01-01T00:00:00.000Z',
    registered_at: '2026-01-01T00:00:00.000Z',
    revision: 1,
    ...given,
  };
}
