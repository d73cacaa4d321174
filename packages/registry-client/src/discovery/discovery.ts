import { AppError, type Clock, type Discovery, type ServiceSnapshot } from '@flotilla/contracts';
import type { ClientLogger } from '../retry/outage-log.ts';
import type { Feed, FeedParts } from './feed.ts';

type Listener = (snapshot: ServiceSnapshot) => void;

/** What discovery works with, whatever the kind. */
export interface DiscoveryParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ClientLogger;
  /** Makes what keeps it in step with its source. */
  feed(parts: FeedParts): Feed;
}

/**
 * The discovery over any {@link Feed}: answers from memory, whatever goes on beneath. What is known goes on serving, marked
 * `stale`, while the source fails; what it says when it is back is believed at once, an empty list too.
 */
export function discoveryOver(parts: DiscoveryParts): Discovery {
  return new FedDiscovery(parts);
}

class FedDiscovery implements Discovery {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #logger: ClientLogger;
  readonly #feed: Feed;
  readonly #closed = new AbortController();

  constructor({ feed, clock, random, logger }: DiscoveryParts) {
    this.#logger = logger;
    this.#feed = feed({ clock, random, logger, onChange: (services) => this.#notify(services) });
  }

  snapshot(service: string): ServiceSnapshot {
    return this.#feed.get(service) ?? this.#feed.follow(service);
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
    await this.#feed.close();
  }

  #notify(services: readonly string[]): void {
    for (const service of services) {
      const snapshot = this.#feed.get(service);
      if (snapshot === undefined) continue;
      for (const listener of [...(this.#listeners.get(service) ?? [])]) {
        try {
          listener(snapshot);
        } catch (error) {
          // One listener's defect must neither hide the change from the others nor end the watch.
          this.#logger.error({ err: error, serviceName: service }, 'a listener of discovery failed');
        }
      }
    }
  }
}
