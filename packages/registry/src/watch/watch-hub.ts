import { AppError, type Clock, type ServiceInstance, type WatchEvent } from '@flotilla/contracts';
import { type ChangeEvent, EventRing, serviceOf } from './event-ring.ts';
import { SnapshotCache } from './snapshot-cache.ts';

/** What to watch. */
export interface WatchRequest {
  /** The services whose changes are wanted. Default all. */
  readonly services?: ReadonlySet<string> | undefined;
  /** Go on after this revision. Default: begin with a snapshot. */
  readonly from?: number | undefined;
  /** The history that `from` belongs to, if the reader knows it. */
  readonly history?: string | undefined;
  /** Called, at most once until the next `read`, when there may be something to read. */
  readonly onReady: () => void;
  /** Called when the hub ends the watch because the registry stops. */
  readonly onEnd?: (() => void) | undefined;
}

/** One reader of the stream of changes. It has a place in the history, no queue of its own, so a slow one costs nothing. */
export interface Watch {
  /**
   * The next events, at most about `limit`; empty when there is nothing new. A watch that resumes gets a `bookmark`
   * when it has read all that it missed; one that has fallen behind the history gets `reset` and `snapshot`.
   */
  read(limit: number): readonly WatchEvent[];
  /** Says that nothing of interest has happened up to the current revision. Only when everything was read. */
  bookmark(): WatchEvent;
  /** Ends the watch. Harmless the second time. */
  close(): void;
}

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

/** Hands every change to everyone who watches, in the order of the revisions. */
export class WatchHub {
  readonly #ring: EventRing;
  readonly #options: WatchHubOptions;
  readonly #snapshots: SnapshotCache;
  readonly #watches = new Set<RingWatch>();
  /** Who wants to know of a service; those who want all are under `undefined`. */
  readonly #interested = new Map<string | undefined, Set<RingWatch>>();
  #revision: number;
  #closed = false;

  constructor(options: WatchHubOptions) {
    this.#ring = new EventRing(options.historyEvents, options.historyBytes, options.revision);
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
    const woken = new Set<RingWatch>();
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
    const woken = new Set<RingWatch>(this.#interested.get(undefined));
    for (const service of services) for (const watch of this.#interested.get(service) ?? []) woken.add(watch);
    eachOf(woken, (watch) => watch.beginAnew());
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
    const watch = new RingWatch(
      request,
      this.#ring,
      () => this.#revision,
      this.#options,
      () => this.#forget(watch),
    );
    this.#watches.add(watch);
    for (const key of watch.keys) {
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

  #forget(watch: RingWatch): void {
    this.#watches.delete(watch);
    for (const key of watch.keys) {
      const interested = this.#interested.get(key);
      interested?.delete(watch);
      if (interested?.size === 0) this.#interested.delete(key);
    }
  }
}

/** Calls `run` with each, and only then throws what the first one threw: one reader's defect is not another's loss. */
function eachOf(watches: Iterable<RingWatch>, run: (watch: RingWatch) => void): void {
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

type ResetReason = Extract<WatchEvent, { type: 'reset' }>['reason'];

/** What a watch will say next. */
type Position =
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'reset'; readonly reason: ResetReason }
  | { readonly kind: 'after'; readonly revision: number };

class RingWatch implements Watch {
  readonly keys: readonly (string | undefined)[];
  readonly #request: WatchRequest;
  readonly #ring: EventRing;
  readonly #revision: () => number;
  readonly #hub: Pick<WatchHubOptions, 'snapshot' | 'history' | 'hasUnstored'>;
  readonly #onClose: () => void;
  #position: Position;
  /** Whether there may be something to read that `onReady` was called for. */
  #woken = false;
  /** Whether everything of interest up to the current revision was read. */
  #caughtUp = false;
  /** Whether it resumes and was not told yet that it has everything. A snapshot says so by itself. */
  #owesBookmark: boolean;

  constructor(
    request: WatchRequest,
    ring: EventRing,
    revision: () => number,
    hub: Pick<WatchHubOptions, 'snapshot' | 'history' | 'hasUnstored'>,
    onClose: () => void,
  ) {
    this.keys = request.services === undefined ? [undefined] : [...request.services];
    this.#request = request;
    this.#ring = ring;
    this.#revision = revision;
    this.#hub = hub;
    this.#onClose = onClose;
    this.#owesBookmark = request.from !== undefined;
    this.#position = this.#begin();
  }

  read(limit: number): readonly WatchEvent[] {
    this.#woken = false;
    if (this.#position.kind === 'after')
      this.#position = this.#resume(this.#caughtUp ? this.#revision() : this.#position.revision);
    const position = this.#position;
    switch (position.kind) {
      case 'snapshot':
        return [this.#readSnapshot()];
      case 'reset':
        return [{ type: 'reset', reason: position.reason }, this.#readSnapshot()];
      case 'after':
        return this.#readChanges(position.revision, limit);
      default:
        return position satisfies never;
    }
  }

  bookmark(): WatchEvent {
    return { type: 'bookmark', revision: this.#revision() };
  }

  /** Something of interest came after the revision `before`. */
  wake(before: number): void {
    if (this.#caughtUp) {
      // What others changed meanwhile may have left the history; nothing of it was for this watch.
      this.#position = { kind: 'after', revision: before };
      this.#caughtUp = false;
    }
    this.#call();
  }

  #call(): void {
    if (this.#woken) return;
    this.#woken = true;
    this.#request.onReady();
  }

  /** What it has read is not what is shown any more. */
  beginAnew(): void {
    this.#position = { kind: 'snapshot' };
    this.#caughtUp = false;
    this.#call();
  }

  close(): void {
    this.#woken = true;
    this.#onClose();
  }

  end(): void {
    this.close();
    this.#request.onEnd?.();
  }

  #begin(): Position {
    const { from, history } = this.#request;
    if (from === undefined) return { kind: 'snapshot' };
    if (history !== undefined && history !== this.#hub.history) return { kind: 'reset', reason: 'history' };
    return this.#hub.hasUnstored?.() === true ? { kind: 'reset', reason: 'compacted' } : this.#resume(from);
  }

  #resume(revision: number): Position {
    if (revision > this.#revision()) return { kind: 'reset', reason: 'future' };
    return revision < this.#ring.floor ? { kind: 'reset', reason: 'compacted' } : { kind: 'after', revision };
  }

  #readSnapshot(): WatchEvent {
    const revision = this.#revision();
    this.#position = { kind: 'after', revision };
    this.#caughtUp = true;
    this.#owesBookmark = false;
    const { history, snapshot } = this.#hub;
    return { type: 'snapshot', revision, history, instances: snapshot(this.#request.services) };
  }

  #readChanges(after: number, limit: number): readonly WatchEvent[] {
    const { services } = this.#request;
    const events: WatchEvent[] = [];
    for (const event of this.#ring.after(after)) {
      if (services !== undefined && !services.has(serviceOf(event))) continue;
      events.push(event);
      if (events.length < limit) continue;
      this.#position = { kind: 'after', revision: event.revision };
      return events;
    }
    this.#position = { kind: 'after', revision: this.#revision() };
    this.#caughtUp = true;
    if (this.#owesBookmark) events.push(this.bookmark());
    this.#owesBookmark = false;
    return events;
  }
}
