import { AppError } from '@flotilla/contracts';
import { EventRing } from '../watch/event-ring.ts';
import { RingWatch, type Watch, type WatchBeginning } from '../watch/ring-watch.ts';
import type { KeyEntry } from './key-entry.ts';
import { PrefixLengths } from './prefix-lengths.ts';

/** A change of keys, at its place in the history. */
export type KeyChange =
  | { readonly type: 'put'; readonly revision: number; readonly entry: KeyEntry }
  /** Keys were removed together. */
  | { readonly type: 'delete'; readonly revision: number; readonly keys: readonly string[] };

/** All keys that a watch covers, at one revision. */
export interface KeySnapshot {
  readonly type: 'snapshot';
  readonly revision: number;
  readonly history: string;
  readonly entries: readonly KeyEntry[];
}

/** Which keys to watch, and from where. */
export interface KeyWatchRequest extends WatchBeginning {
  /** All keys that begin so. */
  readonly prefix: string;
}

/** One reader of the changes of keys. */
export type KeyWatch = Watch<KeyChange | KeySnapshot>;

/** How a {@link KeyHub} works. */
export interface KeyHubOptions {
  /** How many changes a watch can resume over. */
  readonly historyEvents: number;
  /** About the most bytes that those take. */
  readonly historyBytes: number;
  /** The most watches at the same time; beyond it `watch` throws OVERLOADED. */
  readonly maxWatches: number;
  /** The registry's revision now: the history begins after it. */
  readonly revision: number;
  readonly history: string;
  readonly snapshot: (prefix: string) => readonly KeyEntry[];
}

type Reader = RingWatch<KeyChange, KeySnapshot>;

/** Hands every change of keys to everyone who watches a prefix of them, in the order of the revisions. */
export class KeyHub {
  readonly #options: KeyHubOptions;
  readonly #watches = new Set<Reader>();
  readonly #byPrefix = new Map<string, Set<Reader>>();
  readonly #lengths = new PrefixLengths();
  #ring: EventRing<KeyChange>;
  #revision: number;
  #history: string;
  #closed = false;
  /** What the commit that is coming in changes. */
  #added: KeyChange[] = [];

  constructor(options: KeyHubOptions) {
    this.#options = options;
    this.#ring = this.#newRing(options.revision);
    this.#revision = options.revision;
    this.#history = options.history;
  }

  /** How many watches are open. */
  get size(): number {
    return this.#watches.size;
  }

  /** Adds a change of the commit that is coming in. */
  add(change: KeyChange): void {
    this.#added.push(change);
  }

  /** All of a commit is in memory: wakes whom its changes concern, and nobody else. */
  publish(revision: number): void {
    const before = this.#revision;
    this.#revision = revision;
    const changes = this.#added.splice(0);
    const woken = new Set<Reader>();
    for (const change of changes) {
      this.#ring.push(change);
      for (const key of change.type === 'put' ? [change.entry.key] : change.keys)
        for (const prefix of this.#lengths.of(key))
          for (const watch of this.#byPrefix.get(prefix) ?? []) woken.add(watch);
    }
    for (const watch of woken) watch.wake(before);
  }

  /** Begins anew at a revision, lower than before if the history is another. Everybody gets a snapshot. */
  beginAnew(revision: number, history: string): void {
    this.#added = [];
    this.#ring = this.#newRing(revision);
    this.#revision = revision;
    this.#history = history;
    for (const watch of this.#watches) watch.beginAnew();
  }

  /** @throws {AppError} OVERLOADED when too many watch already, SHUTTING_DOWN after `close` */
  watch(request: KeyWatchRequest): KeyWatch {
    if (this.#closed) throw new AppError('SHUTTING_DOWN', { retryAfterMs: 1_000 });
    const { maxWatches, snapshot } = this.#options;
    if (this.#watches.size >= maxWatches)
      throw new AppError('OVERLOADED', {
        detail: `The registry serves at most ${maxWatches} watches of keys at the same time (MAX_WATCHES)`,
        retryAfterMs: 5_000,
      });
    const { prefix } = request;
    const watch: Reader = new RingWatch(request, {
      ring: () => this.#ring,
      revision: () => this.#revision,
      history: () => this.#history,
      wants: (change) => concerns(change, prefix),
      snapshot: () => ({
        type: 'snapshot',
        revision: this.#revision,
        history: this.#history,
        entries: snapshot(prefix),
      }),
      hasUnstored: () => false,
      onClose: () => this.#forget(watch, prefix),
    });
    this.#watches.add(watch);
    const others = this.#byPrefix.get(prefix);
    if (others === undefined) {
      this.#byPrefix.set(prefix, new Set([watch]));
      this.#lengths.add(prefix);
    } else others.add(watch);
    return watch;
  }

  /** Ends every watch, and takes no new ones. */
  close(): void {
    this.#closed = true;
    for (const watch of [...this.#watches]) watch.end();
  }

  #newRing(floor: number): EventRing<KeyChange> {
    return new EventRing(this.#options.historyEvents, this.#options.historyBytes, floor, bytesOf);
  }

  #forget(watch: Reader, prefix: string): void {
    this.#watches.delete(watch);
    const others = this.#byPrefix.get(prefix);
    if (others?.delete(watch) !== true || others.size > 0) return;
    this.#byPrefix.delete(prefix);
    this.#lengths.remove(prefix);
  }
}

/** Whether a change is of a key that begins with `prefix`. */
function concerns(change: KeyChange, prefix: string): boolean {
  return change.type === 'put'
    ? change.entry.key.startsWith(prefix)
    : change.keys.some((key) => key.startsWith(prefix));
}

/** What a change takes beside what can be long. */
const fixedBytes = 200;

function bytesOf(change: KeyChange): number {
  if (change.type === 'put') return fixedBytes + change.entry.key.length + change.entry.value.length;
  let length = fixedBytes;
  for (const key of change.keys) length += key.length + fixedBytes;
  return length;
}
