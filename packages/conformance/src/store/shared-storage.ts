import { AppError } from '@flotilla/contracts';
import {
  type Change,
  type CommitResult,
  type Condition,
  isInRange,
  type KeptLine,
  type LogRecord,
  type RecordStore,
  type SignOfLife,
  type StoreContents,
  type StoreEvent,
  type TrailLine,
  type TrailPage,
  type TrailQuery,
} from '@flotilla/registry';

type Commit = Extract<StoreEvent, { kind: 'commit' }>;

/** Somebody who follows. */
interface Follower {
  readonly owner: string;
  readonly events: StoreEvent[];
  /** Set when following fails. */
  failure: AppError | undefined;
  wake(): void;
}

/** The most lines of the trail that are kept. */
const maxLines = 2_000;

/**
 * Storage that several registries share, in memory: what tomorrow a cluster is. Each opens a store of its own on it, and
 * follows what the others commit. Everything passes through JSON, as it does on a wire.
 */
export class SharedStorage {
  #history = crypto.randomUUID();
  #revision = Date.now() * 1_000;
  #floor = this.#revision;
  #aliveMs = 0;
  #log: Commit[] = [];
  #trail: KeptLine[] = [];
  #place = 0;
  readonly #records = new Map<string, LogRecord>();
  readonly #owners = new Set<string>();
  readonly #followers = new Set<Follower>();
  /** Called before each commit, so that a test can be faster. */
  beforeCommit: (owner: string) => Promise<void> | void = () => {};

  /** Opens a store for the registry called `owner`. */
  open(owner: string = `owner-${this.#owners.size + 1}`): RecordStore {
    this.#owners.add(owner);
    const closed = new AbortController();
    const refuseClosed = (): void => {
      if (closed.signal.aborted) throw new AppError('STORAGE_UNAVAILABLE');
    };
    return {
      owner,
      maxChanges: 128,
      load: async () => copy(this.#contents()),
      commit: async (changes, conditions = [], lines = []) => {
        refuseClosed();
        if (changes.length > 128) throw new RangeError('A commit takes at most 128 changes');
        await this.beforeCommit(owner);
        return this.#commit(changes, conditions, lines);
      },
      readTrail: async (query) => {
        refuseClosed();
        return copy(this.#readTrail(query));
      },
      follow: (from, signal) => this.#follow(owner, from, AbortSignal.any([signal, closed.signal])),
      noteSeen: async (signs, aliveMs) => {
        refuseClosed();
        this.#noteSeen(owner, signs, aliveMs);
      },
      check: async () => refuseClosed(),
      close: async () => {
        if (closed.signal.aborted) return;
        closed.abort();
        this.end(owner);
      },
    };
  }

  /** Forgets what can be followed: who follows from before is told so. */
  compact(): void {
    this.#log = [];
    this.#floor = this.#revision;
  }

  /** Begins a new history without anything, at a revision below the one before. */
  lose(): void {
    this.#history = crypto.randomUUID();
    this.#revision -= 500;
    this.#records.clear();
    this.compact();
    this.#interrupt((follower) => follower.events.push({ kind: 'compacted' }));
  }

  /** Breaks the connections of all who follow. */
  interrupt(): void {
    this.#interrupt((follower) => {
      follower.failure = new AppError('STORAGE_UNAVAILABLE');
    });
  }

  /** An owner works no more. */
  end(owner: string): void {
    if (this.#owners.delete(owner)) this.#tell({ kind: 'owner-gone', owner }, owner);
  }

  #interrupt(how: (follower: Follower) => void): void {
    for (const follower of [...this.#followers]) {
      this.#followers.delete(follower);
      how(follower);
      follower.wake();
    }
  }

  #contents(): StoreContents {
    return {
      history: this.#history,
      revision: this.#revision,
      records: [...this.#records.values()],
      aliveMs: this.#aliveMs,
      owners: [...this.#owners],
    };
  }

  #commit(changes: readonly Change[], conditions: readonly Condition[], lines: readonly TrailLine[]): CommitResult {
    const failed = conditions.find(
      ({ kind, key, revision }) => (this.#records.get(`${kind} ${key}`)?.revision ?? 0) !== revision,
    );
    if (failed !== undefined) return { kind: 'conflict', condition: failed, revision: this.#revision };
    if (changes.length === 0) {
      this.#keepLines(lines);
      return { kind: 'committed', revision: this.#revision };
    }
    // More than the changes need: others may leave gaps, too.
    this.#revision += changes.length + 3;
    for (const change of copy(changes)) this.#apply(change);
    this.#keepLines(lines);
    this.#log.push({ kind: 'commit', revision: this.#revision, changes, lines });
    this.#tell({ kind: 'commit', revision: this.#revision, changes, lines });
    return { kind: 'committed', revision: this.#revision };
  }

  #keepLines(lines: readonly TrailLine[]): void {
    for (const line of copy(lines)) this.#trail.push({ ...line, place: (this.#place += 1), revision: this.#revision });
    this.#trail = this.#trail.slice(-maxLines);
  }

  #readTrail({ before = Number.POSITIVE_INFINITY, after = 0, service, limit }: TrailQuery): TrailPage {
    const wanted = this.#trail
      .filter(({ place, revision }) => place < before && revision > after)
      .filter((line) => service === undefined || line.service === service)
      .reverse();
    const lines = wanted.slice(0, limit);
    const last = lines.at(-1);
    return lines.length < wanted.length && last !== undefined ? { lines, next: last.place } : { lines };
  }

  #apply(change: Change): void {
    if (change.type === 'delete-range') {
      const { kind, from, to } = change;
      for (const [place, record] of this.#records)
        if (record.kind === kind && isInRange(record.key, from, to)) this.#records.delete(place);
      return;
    }
    const key = `${change.kind} ${change.key}`;
    if (change.type === 'delete') {
      this.#records.delete(key);
      return;
    }
    const { type: _, ...written } = change;
    const createdRevision = this.#records.get(key)?.createdRevision ?? this.#revision;
    this.#records.set(key, { ...written, createdRevision, revision: this.#revision });
  }

  #noteSeen(owner: string, signs: readonly SignOfLife[], aliveMs: number): void {
    this.#aliveMs = Math.max(this.#aliveMs, aliveMs);
    for (const { kind, key, seenMs } of signs) {
      const record = this.#records.get(`${kind} ${key}`);
      if (record?.lease !== undefined)
        this.#records.set(`${kind} ${key}`, { ...record, lease: { ...record.lease, seenMs } });
    }
    if (signs.length > 0) this.#tell({ kind: 'seen', signs }, owner);
  }

  /** Tells all who follow, but the one who knows it already. */
  #tell(event: StoreEvent, except?: string): void {
    for (const follower of this.#followers) {
      if (follower.owner === except) continue;
      follower.events.push(copy(event));
      follower.wake();
    }
  }

  async *#follow(owner: string, from: number, signal: AbortSignal): AsyncGenerator<StoreEvent, void, void> {
    let more = Promise.withResolvers<void>();
    const wake = (): void => {
      more.resolve();
      more = Promise.withResolvers();
    };
    const isLost = from < this.#floor || from > this.#revision;
    const before = this.#log.filter(({ revision }) => revision > from);
    const events: StoreEvent[] = isLost ? [{ kind: 'compacted' }] : copy(before);
    const follower: Follower = { owner, events, failure: undefined, wake };
    this.#followers.add(follower);
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const event = events.shift();
        if (event !== undefined) yield event;
        else if (follower.failure !== undefined) throw follower.failure;
        else await more.promise;
        if (event?.kind === 'compacted') return;
      }
    } finally {
      this.#followers.delete(follower);
      signal.removeEventListener('abort', wake);
    }
  }
}

function copy<T>(value: T): T {
  // JSON gives back what it was given, as nothing here holds more than JSON does.
  return JSON.parse(JSON.stringify(value)) as T;
}
