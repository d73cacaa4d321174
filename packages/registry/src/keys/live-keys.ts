import type { Clock } from '@flotilla/contracts';
import type { KeyValue } from '../record/key.ts';
import { afterPrefix } from '../record/key-order.ts';
import type { Change, LogRecord } from '../record/log-record.ts';
import type { SignOfLife } from '../store/record-store.ts';
import { bytesOfKey, type KeyEntry } from './key-entry.ts';
import { KeyHub, type KeyHubOptions } from './key-hub.ts';
import { KeyTopics, sessionsTopic } from './key-topics.ts';
import { LiveSessions } from './live-sessions.ts';
import { LockDelays } from './lock-delays.ts';
import { placeOfChange } from './session-links.ts';
import { SortedKeys } from './sorted-keys.ts';

/** What {@link LiveKeys} touch and wake: see `TopicTable`. */
export interface TopicSink {
  touch(topics: Iterable<string>, revision: number): void;
  wake(topics: Iterable<string>): void;
}

/** Who is told of sessions that somebody has to look after. */
export interface SessionListeners {
  /** These sessions may have to end: their lease has run out, or what they depend on has changed. */
  readonly onSessionsInDoubt: (ids: readonly string[]) => void;
  /** These keys are locked by sessions that are not there. */
  readonly onOrphans: (keys: readonly string[]) => void;
}

/** How {@link LiveKeys} work. */
export interface LiveKeysOptions extends Omit<KeyHubOptions, 'revision' | 'history' | 'snapshot'>, SessionListeners {
  readonly clock: Clock;
  /** What this registry is called as an owner of leases. */
  readonly owner: string;
  readonly topics: TopicSink;
}

/** What is loaded of a store. */
export interface LoadedRecords {
  readonly records: readonly LogRecord[];
  readonly revision: number;
  readonly history: string;
}

/** The keys and sessions in memory. They follow the store as everything in memory does. */
export class LiveKeys {
  readonly sessions: LiveSessions;
  readonly delays: LockDelays;
  readonly hub: KeyHub;
  readonly #options: LiveKeysOptions;
  readonly #topics: KeyTopics;
  readonly #byKey = new Map<string, KeyEntry>();
  readonly #sorted = new SortedKeys<KeyEntry>();
  /** What each session has locked. */
  readonly #locked = new Map<string, Set<string>>();
  #bytes = 0;
  #revision: number;

  constructor(options: LiveKeysOptions, contents: LoadedRecords) {
    this.#options = options;
    const { clock, owner, topics, onSessionsInDoubt } = options;
    this.#revision = contents.revision;
    this.sessions = new LiveSessions({ clock, owner, onExpired: onSessionsInDoubt });
    this.delays = new LockDelays(clock);
    this.#topics = new KeyTopics(topics);
    this.#fill(contents);
    const { revision, history } = contents;
    this.hub = new KeyHub({ ...options, revision, history, snapshot: (prefix) => [...this.under(prefix)] });
  }

  /** How many keys there are. */
  get size(): number {
    return this.#byKey.size;
  }

  /** The bytes of all keys and their values. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): KeyEntry | undefined {
    return this.#byKey.get(key);
  }

  /** The keys that begin with `prefix`, in order; those after `after` if it is given. */
  *under(prefix: string, after?: string): Generator<KeyEntry, void, void> {
    for (const entry of this.#sorted.range(after ?? prefix, afterPrefix(prefix))) if (entry.key !== after) yield entry;
  }

  /** What a session has locked. */
  lockedBy(session: string): readonly string[] {
    return [...(this.#locked.get(session) ?? [])];
  }

  /** The topic of a key: it rises with each change of it, and with nothing else. */
  topicOfKey(key: string): string {
    return this.#topics.followKey(key, this.#byKey.get(key)?.revision ?? this.#revision);
  }

  /** The topic of all keys that begin with `prefix`. */
  topicOfPrefix(prefix: string): string {
    return this.#topics.followPrefix(prefix, this.#revision);
  }

  /** Follows a commit, and tells who waits once all of it is in memory. */
  apply({ revision, changes }: { readonly revision: number; readonly changes: readonly Change[] }): void {
    this.#revision = revision;
    const touched = new Set<string>();
    const doubtful = new Set<string>();
    const orphans: string[] = [];
    for (const [index, change] of changes.entries()) {
      // Each change has a place of its own in the history.
      const place = revision - (changes.length - 1 - index);
      switch (change.kind) {
        case 'key':
          this.#change(change, { revision, place, touched, orphans });
          break;
        case 'session':
          touched.add(sessionsTopic);
          this.#changeSession(change, revision);
          break;
        default:
          if (this.sessions.areLinked)
            for (const id of this.sessions.dependingOn(placeOfChange(change) ?? '')) doubtful.add(id);
      }
    }
    this.hub.publish(revision);
    if (touched.size > 0) this.#options.topics.touch(touched, revision);
    if (doubtful.size > 0) this.#options.onSessionsInDoubt([...doubtful]);
    const lost = orphans.filter((key) => this.isOrphan(key));
    if (lost.length > 0) this.#options.onOrphans(lost);
  }

  /** Takes over what a store holds now, instead of all that is here. Who watches begins anew. */
  replace(contents: LoadedRecords): void {
    this.#revision = contents.revision;
    this.#topics.clear();
    this.#fill(contents);
    this.hub.beginAnew(contents.revision, contents.history);
  }

  /** Hears of signs of life that came to another registry. */
  hear(signs: readonly SignOfLife[]): void {
    for (const { kind, key } of signs) if (kind === 'session') this.sessions.hear(key);
  }

  /** Whether a key is locked by a session that is not there. */
  isOrphan(key: string): boolean {
    const session = this.#byKey.get(key)?.session;
    return session !== undefined && this.sessions.get(session) === undefined;
  }

  /** All keys that are locked by sessions that are not there. */
  orphans(): readonly string[] {
    const lost = [...this.#locked.keys()].filter((session) => this.sessions.get(session) === undefined);
    return lost.flatMap((session) => this.lockedBy(session));
  }

  #change(change: Change, at: { revision: number; place: number; touched: Set<string>; orphans: string[] }): void {
    const { revision, place, touched, orphans } = at;
    switch (change.type) {
      case 'put': {
        if (change.kind !== 'key') return;
        const entry = this.#put(change.value, revision);
        this.hub.add({ type: 'put', revision: place, entry });
        if (entry.session !== undefined) orphans.push(entry.key);
        for (const topic of this.#topics.of(entry.key)) touched.add(topic);
        return;
      }
      case 'delete':
      case 'delete-range': {
        const gone =
          change.type === 'delete'
            ? [change.key].filter((key) => this.#byKey.has(key))
            : [...this.#sorted.range(change.from, change.to)].map(({ key }) => key);
        for (const key of gone) {
          this.#remove(key);
          for (const topic of this.#topics.of(key)) touched.add(topic);
        }
        if (gone.length > 0) this.hub.add({ type: 'delete', revision: place, keys: gone });
        return;
      }
      default:
        change satisfies never;
    }
  }

  #changeSession(change: Change, revision: number): void {
    if (change.type === 'put') {
      if (change.kind === 'session') this.sessions.put(change.value, change.lease, revision);
    } else if (change.type === 'delete') {
      // Before its keys are told to be free: nobody is to lock them for a while.
      const delayMs = this.sessions.get(change.key)?.value.lockDelayMs ?? 0;
      for (const key of this.lockedBy(change.key)) this.delays.begin(key, delayMs);
      this.sessions.delete(change.key);
    }
  }

  #fill({ records }: LoadedRecords): void {
    this.#byKey.clear();
    this.#sorted.clear();
    this.#locked.clear();
    this.#bytes = 0;
    this.sessions.clear();
    for (const record of records) {
      const { revision, createdRevision } = record;
      if (record.kind === 'key') this.#put(record.value, revision, createdRevision);
      if (record.kind === 'session') this.sessions.put(record.value, record.lease, revision, createdRevision);
    }
  }

  #put(written: KeyValue, revision: number, createdRevision?: number): KeyEntry {
    const { key, value, flags = '0', lockIndex = 0, session } = written;
    const before = this.#byKey.get(key);
    if (before !== undefined) this.#remove(key);
    const made = createdRevision ?? before?.createdRevision ?? revision;
    const entry: KeyEntry = { key, value, flags, lockIndex, session, createdRevision: made, revision };
    this.#byKey.set(key, entry);
    this.#sorted.put(entry);
    this.#bytes += bytesOfKey(key, value);
    if (session !== undefined) this.#lockedOf(session).add(key);
    return entry;
  }

  #remove(key: string): void {
    const entry = this.#byKey.get(key);
    if (entry === undefined) return;
    this.#byKey.delete(key);
    this.#sorted.delete(key);
    this.#bytes -= bytesOfKey(key, entry.value);
    if (entry.session === undefined) return;
    const locked = this.#lockedOf(entry.session);
    locked.delete(key);
    if (locked.size === 0) this.#locked.delete(entry.session);
  }

  #lockedOf(session: string): Set<string> {
    const known = this.#locked.get(session);
    if (known !== undefined) return known;
    const locked = new Set<string>();
    this.#locked.set(session, locked);
    return locked;
  }
}
