import type { WatchEvent } from '@flotilla/contracts';
import type { EventRing, Placed } from './event-ring.ts';

/** From where to watch, and who is told. */
export interface WatchBeginning {
  /** Go on after this revision. Default: begin with a snapshot. */
  readonly from?: number | undefined;
  /** The history that `from` belongs to, if the reader knows it. */
  readonly history?: string | undefined;
  /** Called, at most once until the next `read`, when there may be something to read. */
  readonly onReady: () => void;
  /** Called when the hub ends the watch because the registry stops. */
  readonly onEnd?: (() => void) | undefined;
}

/** What to watch. */
export interface WatchRequest extends WatchBeginning {
  /** The services whose changes are wanted. Default all. */
  readonly services?: ReadonlySet<string> | undefined;
}

/** What is said between the changes. */
export type Bookmark = Extract<WatchEvent, { type: 'bookmark' }>;
export type Reset = Extract<WatchEvent, { type: 'reset' }>;

/** One reader of the stream of changes. It has a place in the history, no queue of its own, so a slow one costs nothing. */
export interface Watch<T = WatchEvent> {
  /**
   * The next events, at most about `limit`; empty when there is nothing new. A watch that resumes gets a `bookmark`
   * when it has read all that it missed; one that has fallen behind the history gets `reset` and `snapshot`.
   */
  read(limit: number): readonly (T | Bookmark | Reset)[];
  /** Says that nothing of interest has happened up to the current revision. Only when everything was read. */
  bookmark(): Bookmark;
  /** Ends the watch. Harmless the second time. */
  close(): void;
}

/** What a watch sees of its hub. */
export interface HubView<E extends Placed, S> {
  readonly ring: () => EventRing<E>;
  readonly revision: () => number;
  readonly history: () => string;
  /** Whether a change is of interest. */
  readonly wants: (change: E) => boolean;
  /** Everything the watch covers, now. */
  readonly snapshot: () => S;
  readonly hasUnstored: () => boolean;
  readonly onClose: () => void;
}

type ResetReason = Reset['reason'];

/** What a watch will say next. */
type Position =
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'reset'; readonly reason: ResetReason }
  | { readonly kind: 'after'; readonly revision: number };

/** A watch of a hub's history: of changes `E`, with snapshots `S`. */
export class RingWatch<E extends Placed, S> implements Watch<E | S> {
  readonly #request: WatchBeginning;
  readonly #hub: HubView<E, S>;
  #position: Position;
  /** Whether there may be something to read that `onReady` was called for. */
  #woken = false;
  /** Whether everything of interest up to the current revision was read. */
  #caughtUp = false;
  /** Whether it resumes and was not told yet that it has everything. A snapshot says so by itself. */
  #owesBookmark: boolean;

  constructor(request: WatchBeginning, hub: HubView<E, S>) {
    this.#request = request;
    this.#hub = hub;
    this.#owesBookmark = request.from !== undefined;
    this.#position = this.#begin();
  }

  read(limit: number): readonly (E | S | Bookmark | Reset)[] {
    this.#woken = false;
    if (this.#position.kind === 'after')
      this.#position = this.#resume(this.#caughtUp ? this.#hub.revision() : this.#position.revision);
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

  bookmark(): Bookmark {
    return { type: 'bookmark', revision: this.#hub.revision() };
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
    this.#hub.onClose();
  }

  end(): void {
    this.close();
    this.#request.onEnd?.();
  }

  #begin(): Position {
    const { from, history } = this.#request;
    if (from === undefined) return { kind: 'snapshot' };
    if (history !== undefined && history !== this.#hub.history()) return { kind: 'reset', reason: 'history' };
    return this.#hub.hasUnstored() ? { kind: 'reset', reason: 'compacted' } : this.#resume(from);
  }

  #resume(revision: number): Position {
    if (revision > this.#hub.revision()) return { kind: 'reset', reason: 'future' };
    return revision < this.#hub.ring().floor ? { kind: 'reset', reason: 'compacted' } : { kind: 'after', revision };
  }

  #readSnapshot(): S {
    this.#position = { kind: 'after', revision: this.#hub.revision() };
    this.#caughtUp = true;
    this.#owesBookmark = false;
    return this.#hub.snapshot();
  }

  #readChanges(after: number, limit: number): readonly (E | Bookmark)[] {
    const events: (E | Bookmark)[] = [];
    for (const event of this.#hub.ring().after(after)) {
      if (!this.#hub.wants(event)) continue;
      events.push(event);
      if (events.length < limit) continue;
      this.#position = { kind: 'after', revision: event.revision };
      return events;
    }
    this.#position = { kind: 'after', revision: this.#hub.revision() };
    this.#caughtUp = true;
    if (this.#owesBookmark) events.push(this.bookmark());
    this.#owesBookmark = false;
    return events;
  }
}
