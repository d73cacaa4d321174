import { type Discovery, type Endpoint, isSameEndpoint, type ServiceSnapshot } from '@flotilla/contracts';

/** Where a fake instance listens, and what else a test wants to say about it. */
export type FakeEndpoint = Pick<Endpoint, 'address' | 'port'> & Partial<Endpoint>;

/** A discovery that a test tells what there is. */
export class FakeDiscovery implements Discovery {
  readonly #snapshots = new Map<string, ServiceSnapshot>();
  readonly #listeners = new Map<string, Set<(snapshot: ServiceSnapshot) => void>>();

  /** There are now exactly these endpoints of `service`; one that says the same as before stays the same object. */
  set(service: string, endpoints: readonly FakeEndpoint[]): void {
    const before = this.snapshot(service).endpoints;
    const all = endpoints
      .map((given) => {
        const endpoint = toEndpoint(service, given);
        return before.find((known) => isSameEndpoint(known, endpoint)) ?? endpoint;
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    this.#publish({ service, state: 'fresh', endpoints: all });
  }

  /** The registry can't be reached any more. */
  makeStale(service: string): void {
    this.#publish({ ...this.snapshot(service), state: 'stale' });
  }

  snapshot(service: string): ServiceSnapshot {
    return this.#snapshots.get(service) ?? { service, state: 'unknown', endpoints: [] };
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

function toEndpoint(service: string, given: FakeEndpoint): Endpoint {
  return {
    id: `${service}-${given.address}-${given.port}`,
    scheme: 'http',
    weight: 1,
    tags: [],
    metadata: {},
    zone: undefined,
    version: undefined,
    ...given,
  };
}
