import { type Clock, isAppError, type Timer, type WatchEvent } from '@flotilla/contracts';
import { Backoff } from '../retry/backoff.ts';
import { type ClientLogger, OutageLog } from '../retry/outage-log.ts';
import { pause } from '../retry/pause.ts';
import type { ServiceCache } from './service-cache.ts';
import type { WatchSource } from './watch-source.ts';

/** What a watcher works with, whatever the kind of registry. */
export interface WatcherParts {
  readonly source: WatchSource;
  readonly cache: ServiceCache;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ClientLogger;
  /** How long a stream may be silent before it counts as lost, in milliseconds. */
  readonly silenceLimitMs: number;
  /** The snapshots of these services are others now. */
  onChange(services: readonly string[]): void;
}

/** A stream that ended sooner than this did not work: the wait before the next try goes on growing. */
const steadyAfterMs = 1_000;

/**
 * Keeps one stream open for all services of the cache. A service followed later makes it open another stream in its
 * place, which begins with a snapshot, as the new service's instances are older than any revision it could resume at.
 */
export class Watcher {
  readonly #parts: WatcherParts;
  readonly #closed = new AbortController();
  readonly #outage: OutageLog;
  #running: Promise<void> | undefined;
  /** Ends the present stream, or the wait for the next one, in favour of a stream with more services. */
  #round = new AbortController();
  #release: Timer | undefined;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
    this.#outage = new OutageLog(parts.clock, parts.logger, {
      down: 'the registry can not be watched: the instances known last stay in use; trying on. Start the registry, or correct REGISTRY_URL',
      up: 'the registry is watched again',
    });
  }

  /** The cache follows more services than before. Calls in one turn of the event loop lead to one stream. */
  followMore(): void {
    if (this.#closed.signal.aborted) return;
    if (this.#running === undefined) {
      this.#running = Promise.resolve().then(() => this.#run());
      return;
    }
    this.#round.abort();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#round.abort();
    await this.#running;
    this.#release?.cancel();
  }

  async #run(): Promise<void> {
    const { clock, random, cache, onChange } = this.#parts;
    const backoff = new Backoff({ random });
    while (!this.#closed.signal.aborted) {
      this.#round = new AbortController();
      const round = this.#round.signal;
      const startMs = clock.monotonicMs();
      const failure = await this.#stream(round);
      if (round.aborted) {
        // Lets all who follow in this turn do so before the next stream asks for the list.
        await Promise.resolve();
        continue;
      }
      if (clock.monotonicMs() - startMs >= steadyAfterMs) backoff.reset();
      this.#outage.failed(failure);
      onChange(cache.markLost());
      this.#armRelease();
      await pause(clock, backoff.nextDelayMs(), round);
    }
  }

  #take(event: WatchEvent, services: readonly string[]): void {
    const { cache, clock, logger, onChange } = this.#parts;
    const heldBefore = cache.heldCount;
    onChange(cache.apply(event, services, clock.monotonicMs()));
    const held = cache.heldCount;
    if (held > heldBefore)
      logger.warn(
        { instances: held },
        'the registry has lost what it knew: the instances known before stay in use until they register again or their lease is over',
      );
    else if (held < heldBefore && held === 0) logger.info('all instances known before have registered again');
    if (held > 0 || heldBefore > 0) this.#armRelease();
  }

  /** Lets held instances go when their time is over. */
  #armRelease(): void {
    const { cache, clock, logger, onChange } = this.#parts;
    this.#release?.cancel();
    const nextMs = cache.nextReleaseMs;
    if (nextMs === undefined || this.#closed.signal.aborted) return;
    this.#release = clock.after(nextMs - clock.monotonicMs(), () => {
      const before = cache.heldCount;
      onChange(cache.release(clock.monotonicMs()));
      logger.warn({ instances: before - cache.heldCount }, 'instances known before have not registered again: let go');
      this.#armRelease();
    });
  }

  /** Runs one stream; resolves with the reason it ended. */
  async #stream(round: AbortSignal): Promise<unknown> {
    const { source, cache, clock, silenceLimitMs } = this.#parts;
    const services = cache.services;
    const from = cache.resumeRevision;
    const history = from === undefined ? undefined : cache.history;
    const ended = new AbortController();
    const end = (): void => ended.abort(round.reason);
    round.addEventListener('abort', end);
    let heardMs = clock.monotonicMs();
    const checkSilence = (): void => {
      const leftMs = heardMs + silenceLimitMs - clock.monotonicMs();
      if (leftMs <= 0) ended.abort(new Error(`nothing was heard of the registry for ${silenceLimitMs} ms`));
      else silence = clock.after(leftMs, checkSilence);
    };
    let silence = clock.after(silenceLimitMs, checkSilence);
    try {
      await source.run({
        services,
        from,
        history,
        signal: ended.signal,
        onActivity: () => {
          heardMs = clock.monotonicMs();
        },
        onEvent: (event) => {
          // What was on its way when the stream was given up: its successor tells it again.
          if (ended.signal.aborted) return;
          if (event.type === 'snapshot' || event.type === 'bookmark') this.#outage.succeeded();
          this.#take(event, services);
        },
      });
      return new Error('the registry ended the stream');
    } catch (error) {
      if (isAppError(error) && error.code === 'REVISION_COMPACTED') cache.forgetRevision();
      return ended.signal.aborted ? ended.signal.reason : error;
    } finally {
      silence.cancel();
      round.removeEventListener('abort', end);
    }
  }
}
