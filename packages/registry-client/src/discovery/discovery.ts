import { AppError, type Clock, type Discovery, type ServiceSnapshot } from '@flotilla/contracts';
import type { ClientLogger } from '../retry/outage-log.ts';
import { ServiceCache } from './service-cache.ts';
import type { WatchSource } from './watch-source.ts';
import { Watcher } from './watcher.ts';

type Listener = (snapshot: ServiceSnapshot) => void;

/** What discovery works with, whatever the kind of registry. */
export interface DiscoveryParts {
  readonly source: WatchSource;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ClientLogger;
  readonly silenceLimitMs: number;
}

/** The discovery for any registry that can be watched as a {@link WatchSource}. */
export function discoveryOver(parts: DiscoveryParts): Discovery {
  return new CachedDiscovery(parts);
}

/** A service once asked for is followed until `close`: services are few, and the next question should be answered from memory. */
class CachedDiscovery implements Discovery {
  readonly #cache = new ServiceCache();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #parts: DiscoveryParts;
  readonly #watcher: Watcher;
  readonly #closed = new AbortController();

  constructor(parts: DiscoveryParts) {
    this.#parts = parts;
    this.#watcher = new Watcher({ ...parts, cache: this.#cache, onChange: (services) => this.#notify(services) });
  }

  snapshot(service: string): ServiceSnapshot {
    const known = this.#cache.get(service);
    if (known !== undefined) return known;
    const snapshot = this.#cache.follow(service);
    this.#watcher.followMore();
    return snapshot;
  }

  watch(service: string, listener: Listener): () => void {
    const snapshot = this.snapshot(service);
    const listeners = this.#listeners.get(service) ?? new Set();
    this.#listeners.set(service, listeners);
    // An object of its own, so that one function may listen twice.
    const call: Listener = (next) => listener(next);
    listeners.add(call);
    call(snapshot);
    return () => void listeners.delete(call);
  }

  whenKnown(service: string, signal: AbortSignal): Promise<ServiceSnapshot> {
    const now = this.snapshot(service);
    if (now.state !== 'unknown') return Promise.resolve(now);
    return new Promise((resolve, reject) => {
      const closed = this.#closed.signal;
      if (signal.aborted) return reject(signal.reason);
      if (closed.aborted) return reject(new AppError('SHUTTING_DOWN'));
      const finish = (act: () => void): void => {
        stop();
        signal.removeEventListener('abort', onAbort);
        closed.removeEventListener('abort', onClose);
        act();
      };
      const onAbort = (): void => finish(() => reject(signal.reason));
      const onClose = (): void => finish(() => reject(new AppError('SHUTTING_DOWN')));
      signal.addEventListener('abort', onAbort);
      closed.addEventListener('abort', onClose);
      const stop = this.watch(service, (next) => {
        if (next.state !== 'unknown') finish(() => resolve(next));
      });
    });
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#listeners.clear();
    await this.#watcher.close();
    this.#parts.source.close();
  }

  #notify(services: readonly string[]): void {
    for (const service of services) {
      const snapshot = this.#cache.get(service);
      if (snapshot === undefined) continue;
      for (const listener of [...(this.#listeners.get(service) ?? [])]) {
        try {
          listener(snapshot);
        } catch (error) {
          // One listener's defect must neither hide the change from the others nor end the watch.
          this.#parts.logger.error({ err: error, serviceName: service }, 'a listener of discovery failed');
        }
      }
    }
  }
}
