import { type Clock, isAppError, type ServiceSnapshot, type Timer, type WatchEvent } from '@flotilla/contracts';
import { type ClientLogger, OutageLog } from '../retry/outage-log.ts';
import type { Feed, FeedParts } from './feed.ts';
import { KeptStream, type Streaming } from './kept-stream.ts';
import { ServiceCache } from './service-cache.ts';
import type { WatchSource } from './watch-source.ts';

/**
 * What a registry tells as events under revisions: one stream for all services. A service followed later makes it open
 * another stream in its place, which begins with a snapshot, as the new service's instances are older than any revision
 * it could resume at.
 */
export class Watcher implements Feed {
  readonly #source: WatchSource;
  readonly #clock: Clock;
  readonly #logger: ClientLogger;
  readonly #onChange: (services: readonly string[]) => void;
  readonly #cache = new ServiceCache();
  readonly #outage: OutageLog;
  readonly #stream: KeptStream;
  #closed = false;
  #release: Timer | undefined;

  constructor(source: WatchSource, { clock, random, logger, onChange }: FeedParts) {
    this.#source = source;
    this.#clock = clock;
    this.#logger = logger;
    this.#onChange = onChange;
    this.#outage = new OutageLog(clock, logger, {
      down: 'cannot watch the registry; still using the last known instances; retrying. Start the registry, or correct REGISTRY_URL',
      up: 'watching the registry again',
    });
    this.#stream = new KeptStream({
      clock,
      random,
      silenceLimitMs: source.silenceLimitMs,
      outage: this.#outage,
      run: (stream) => this.#run(stream),
      onLost: () => {
        onChange(this.#cache.markLost());
        this.#armRelease();
      },
    });
  }

  get(service: string): ServiceSnapshot | undefined {
    return this.#cache.get(service);
  }

  /** Calls in one turn of the event loop lead to one stream. */
  follow(service: string): ServiceSnapshot {
    const snapshot = this.#cache.follow(service);
    this.#stream.renew();
    return snapshot;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#stream.close();
    this.#release?.cancel();
    this.#source.close();
  }

  async #run({ signal, onActivity }: Streaming): Promise<void> {
    const { services, resumeRevision: from, history } = this.#cache;
    try {
      await this.#source.run({
        services,
        from,
        history: from === undefined ? undefined : history,
        signal,
        onActivity,
        onEvent: (event) => {
          // What was on its way when the stream was given up: its successor tells it again.
          if (signal.aborted) return;
          if (event.type === 'snapshot' || event.type === 'bookmark') this.#outage.succeeded();
          this.#take(event, services);
        },
      });
    } catch (error) {
      if (isAppError(error, 'REVISION_COMPACTED')) this.#cache.forgetRevision();
      throw error;
    }
  }

  #take(event: WatchEvent, services: readonly string[]): void {
    const heldBefore = this.#cache.heldCount;
    this.#onChange(this.#cache.apply(event, services, this.#clock.monotonicMs()));
    const held = this.#cache.heldCount;
    if (held > heldBefore)
      this.#logger.warn(
        { instances: held },
        'the registry has lost its data; still using the last known instances until they register again or their leases expire',
      );
    else if (held < heldBefore && held === 0) this.#logger.info('all last known instances have registered again');
    if (held > 0 || heldBefore > 0) this.#armRelease();
  }

  /** Lets held instances go when their time is over. */
  #armRelease(): void {
    const cache = this.#cache;
    this.#release?.cancel();
    const nextMs = cache.nextReleaseMs;
    if (nextMs === undefined || this.#closed) return;
    this.#release = this.#clock.after(nextMs - this.#clock.monotonicMs(), () => {
      const before = cache.heldCount;
      this.#onChange(cache.release(this.#clock.monotonicMs()));
      const gone = before - cache.heldCount;
      this.#logger.warn({ instances: gone }, 'removed instances that did not register again');
      this.#armRelease();
    });
  }
}
