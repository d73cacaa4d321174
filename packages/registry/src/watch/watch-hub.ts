import { AppError, type Clock, type ServiceInstance, type WatchEvent } from '@flotilla/contracts';
import { bytesOfChange, type ChangeEvent, EventRing, serviceOf } from './event-ring.ts';
import { RingWatch, type Watch, type WatchRequest } from './ring-watch.ts';
import { SnapshotCache } from './snapshot-cache.ts';

/** How a {@link WatchHub} works. */
export interface WatchHubOptions {
  /** How many changes can be resumed over. */
  readonly historyEvents: number;
  /** About the most bytes that those take. */
  readonly historyBytes: number;
  /** The most watches at the same time; beyond it `watch` throws OVERLOADED. */
  readonly maxWatches: number;
  /** The registry's revision now: the history begins after it. */
  readonly revision: number;
  /** The name of that history. */
  readonly history: string;
  /**
   * Whether what a snapshot shows differs from what the events say: instances are hidden whose removal could not be
   * stored. Then nobody can go on from a revision. Default: it never does.
   */
  readonly hasUnstored?: () => boolean;
  /** What a snapshot shows, now. Asked once for all who want the same at the same time. */
  readonly snapshot: (services: ReadonlySet<string> | undefined) => readonly ServiceInstance[];
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

type Snapshot = Extract<WatchEvent, { type: 'snapshot' }>;
type InstanceWatch = RingWatch<ChangeEvent, Snapshot>;

/** Hands every change to everyone who watches, in the order of the revisions. */
export class WatchHub {
  #ring: EventRing<ChangeEvent>;
  readonly #options: WatchHubOptions;
  readonly #snapshots: SnapshotCache;
  readonly #watches = new Set<InstanceWatch>();
  /** Who wants to know of a service; those who want all are under `undefined`. */
  readonly #interested = new Map<string | undefined, Set<InstanceWatch>>();
  #revision: number;
  #history: string;
  #closed = false;

  constructor(options: WatchHubOptions) {
    this.#ring = new EventRing(options.historyEvents, options.historyBytes, options.revision, bytesOfChange);
    this.#history = options.history;
    this.#snapshots = new SnapshotCache(options);
    this.#options = { ...options, snapshot: (services) => this.#snapshots.get(services) };
    this.#revision = options.revision;
  }

  /** How many watches are open. */
  get size(): number {
    return this.#watches.size;
  }

  /**
   * Adds changes, already visible to readers of the catalog, and wakes whom they concern, and nobody else.
   *
   * @param revision that of the last change, which may be one that nobody sees; default that of the last event
   */
  publish(events: readonly ChangeEvent[], revision: number = events.at(-1)?.revision ?? 0): void {
    this.#snapshots.clear();
    const woken = new Set<InstanceWatch>();
    const before = this.#revision;
    for (const event of events) {
      this.#ring.push(event);
      for (const watch of this.#interested.get(serviceOf(event)) ?? []) woken.add(watch);
    }
    this.#revision = Math.max(before, revision);
    if (events.length > 0) for (const watch of this.#interested.get(undefined) ?? []) woken.add(watch);
    eachOf(woken, (watch) => watch.wake(before));
  }

  /** Sends everybody who watches one of these services a snapshot: what is shown has changed without an event. */
  showAnew(services: ReadonlySet<string>): void {
    this.#snapshots.clear();
    const woken = new Set<InstanceWatch>(this.#interested.get(undefined));
    for (const service of services) for (const watch of this.#interested.get(service) ?? []) woken.add(watch);
    eachOf(woken, (watch) => watch.beginAnew());
  }

  /**
   * Begins anew at a revision, lower than before if the history is another: what happened between is not known. Everybody
   * gets a snapshot, and nobody goes on from before.
   */
  beginAnew(revision: number, history: string): void {
    this.#snapshots.clear();
    const { historyEvents, historyBytes } = this.#options;
    this.#ring = new EventRing(historyEvents, historyBytes, revision, bytesOfChange);
    this.#revision = revision;
    this.#history = history;
    eachOf(this.#watches, (watch) => watch.beginAnew());
  }

  /** @throws {AppError} OVERLOADED when too many watch already, SHUTTING_DOWN after `close` */
  watch(request: WatchRequest): Watch {
    if (this.#closed) throw new AppError('SHUTTING_DOWN', { retryAfterMs: 1_000 });
    if (this.#watches.size >= this.#options.maxWatches) {
      throw new AppError('OVERLOADED', {
        detail: `The registry serves at most ${this.#options.maxWatches} watches at the same time`,
        retryAfterMs: 5_000,
      });
    }
    const { services } = request;
    const keys = services === undefined ? [undefined] : [...services];
    const watch: InstanceWatch = new RingWatch(request, {
      ring: () => this.#ring,
      revision: () => this.#revision,
      history: () => this.#history,
      wants: (event) => services?.has(serviceOf(event)) ?? true,
      snapshot: () => ({
        type: 'snapshot',
        revision: this.#revision,
        history: this.#history,
        instances: this.#options.snapshot(services),
      }),
      hasUnstored: () => this.#options.hasUnstored?.() === true,
      onClose: () => this.#forget(watch, keys),
    });
    this.#watches.add(watch);
    for (const key of keys) {
      const interested = this.#interested.get(key);
      if (interested === undefined) this.#interested.set(key, new Set([watch]));
      else interested.add(watch);
    }
    return watch;
  }

  /** Ends every watch, and takes no new ones: a stop waits for all requests, and a watch would never end. */
  close(): void {
    this.#closed = true;
    for (const watch of [...this.#watches]) watch.end();
  }

  #forget(watch: InstanceWatch, keys: readonly (string | undefined)[]): void {
    this.#watches.delete(watch);
    for (const key of keys) {
      const interested = this.#interested.get(key);
      interested?.delete(watch);
      if (interested?.size === 0) this.#interested.delete(key);
    }
  }
}

/** Calls `run` with each, and only then throws what the first one threw: one reader's defect is not another's loss. */
function eachOf(watches: Iterable<InstanceWatch>, run: (watch: InstanceWatch) => void): void {
  const errors: unknown[] = [];
  for (const watch of watches) {
    try {
      run(watch);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
