import { AppError } from '@flotilla/contracts';
import type { Change, InstanceStore } from '../store/instance-store.ts';

/** A change that is durable. */
export interface AppliedChange {
  readonly change: Change;
  readonly revision: number;
}

/** What a write has decided to do. */
export interface Intent<T> {
  /** In this order. May be none: then the write only waits for its turn. */
  readonly changes: readonly Change[];
  /** Called when they are durable and applied, before anything that comes after them is. Its result answers the write. */
  finish(): T;
}

/** The view the writes of one batch decide by, and collect their changes in. */
export interface BatchDraft {
  readonly changes: readonly Change[];
  add(changes: readonly Change[]): void;
}

/** How a {@link WriteQueue} works. */
export interface WriteQueueOptions<D extends BatchDraft> {
  readonly store: Pick<InstanceStore, 'commit' | 'maxChanges'>;
  /** Makes the view for a new batch. */
  readonly newDraft: () => D;
  /** Makes a durable change visible in memory. */
  readonly apply: (applied: AppliedChange) => void;
  /** Called after the last change of a batch was applied. */
  readonly published: () => void;
  /** Told of what `apply` or `published` throws: a defect of ours, that must not keep a durable change out of memory. */
  readonly onError: (error: unknown) => void;
}

interface Write<D> {
  /** Decides, and returns how to go on; throws to refuse. */
  readonly decide: (draft: D) => { changes: readonly Change[]; finish: () => void };
  readonly refuse: (reason: unknown) => void;
}

/** A decided write takes at most this many changes; a batch stops taking writes so many before the store's limit. */
const maxChangesPerWrite = 6;

/**
 * Carries out writes one after another, many in one commit: everything that was asked for in the same turn of the event
 * loop, or while the commit before was under way, shares the wait for the disk. A write is answered only when it is
 * durable.
 */
export class WriteQueue<D extends BatchDraft> {
  readonly #options: WriteQueueOptions<D>;
  #waiting: Write<D>[] = [];
  #running = false;
  #idle: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: WriteQueueOptions<D>) {
    this.#options = options;
  }

  /**
   * Queues a write. `decide` looks at the state as it will be at its turn and says what to change; what it throws
   * rejects this write alone. If the commit fails every write of the batch is rejected with that, and nothing changed.
   */
  submit<T>(decide: (draft: D) => Intent<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new AppError('SHUTTING_DOWN', { retryAfterMs: 1_000 }));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        decide: (draft) => {
          const intent = decide(draft);
          return { changes: intent.changes, finish: () => resolve(intent.finish()) };
        },
        refuse: reject,
      });
      this.#start();
    });
  }

  /** Takes no more writes, and resolves when those taken are answered. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#idle;
  }

  #start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#idle = this.#run();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Lets every socket that is readable in this turn add its write; after a batch it lets others be served.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#runBatch();
    }
    this.#running = false;
  }

  async #runBatch(): Promise<void> {
    const { store } = this.#options;
    const draft = this.#options.newDraft();
    const taken: { write: Write<D>; changes: readonly Change[]; finish: () => void }[] = [];
    let next = 0;
    for (; next < this.#waiting.length && draft.changes.length <= store.maxChanges - maxChangesPerWrite; next += 1) {
      const write = this.#waiting[next];
      if (write === undefined) break;
      try {
        const intent = write.decide(draft);
        draft.add(intent.changes);
        taken.push({ write, ...intent });
      } catch (error) {
        write.refuse(error);
      }
    }
    this.#waiting = this.#waiting.slice(next);
    let revisions: readonly number[];
    try {
      revisions = await this.#commit(draft.changes);
    } catch (error) {
      for (const { write } of taken) write.refuse(error);
      return;
    }
    // From here on everything is durable: memory has to follow, whatever is thrown on the way.
    let index = 0;
    for (const { write, changes, finish } of taken) {
      for (const change of changes) {
        const revision = revisions[index++] ?? 0;
        this.#guarded(() => this.#options.apply({ change, revision }));
      }
      try {
        finish();
      } catch (error) {
        write.refuse(error);
      }
    }
    this.#guarded(() => this.#options.published());
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #commit(changes: readonly Change[]): Promise<readonly number[]> {
    if (changes.length === 0) return [];
    const result = await this.#options.store.commit(changes);
    if (result.kind === 'committed') return result.revisions;
    // Only another writer on the same store can cause this.
    throw new AppError('REVISION_CONFLICT', {
      detail: 'Another registry has changed the record in the shared store',
      retryAfterMs: 1_000,
    });
  }
}
