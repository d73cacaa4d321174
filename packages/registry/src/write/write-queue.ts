import { AppError } from '@flotilla/contracts';
import type { RecordStore } from '../store/record-store.ts';
import type { Decision, Draft } from './draft.ts';

/** What a write has decided to do. */
export interface Intent<T> extends Decision {
  /** Called when the changes are durable and in memory, with the revision of their commit. Its result answers the write. */
  finish(revision: number): T;
}

/** How a {@link WriteQueue} works. */
export interface WriteQueueOptions {
  readonly store: Pick<RecordStore, 'commit' | 'maxChanges'>;
  /** Makes the view for a new batch. */
  readonly newDraft: () => Draft;
  /** Resolves when memory has followed the store up to a revision. */
  readonly reached: (revision: number) => Promise<void>;
}

interface Finishing {
  readonly finish: (revision: number) => void;
}

interface Write {
  /** Decides, and returns how to go on; throws to refuse. */
  readonly decide: (draft: Draft) => Decision & Finishing;
  readonly refuse: (reason: unknown) => void;
  /** How often another writer has been faster. */
  conflicts: number;
}

/** A write of a batch, and what is to be called when that is done. */
interface TakenWrite extends Finishing {
  readonly write: Write;
}

/**
 * The most changes of one write: a transaction of keys, or an instance with all its checks. A batch stops taking writes so
 * many before the store's limit.
 */
const maxChangesPerWrite = 80;

/** How often a write is tried while other writers on the same store are faster, before its caller is told. */
const maxConflicts = 5;

/**
 * Carries out writes, many in one commit: everything that was asked for in the same turn of the event loop, or while the
 * commit before was under way, shares the wait for the disk. A write decides by what is committed, is answered only when
 * it is durable, and never writes memory itself: memory follows the store.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  #waiting: Write[] = [];
  /**
   * Writes that had to wait for another one, by what they have to do with, in their order. Only the first of each is tried
   * again: that a thousand are about one instance costs a batch no more than one.
   */
  readonly #putOff = new Map<string, Write[]>();
  #running = false;
  #idle: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /**
   * Queues a write. `decide` looks at the state as it is at its turn and says what to change; what it throws rejects this
   * write alone. It is asked again if another writer on the store was faster. If the commit fails every write of the
   * batch is rejected with that, and nothing changed.
   */
  submit<T>(decide: (draft: Draft) => Intent<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new AppError('SHUTTING_DOWN', { retryAfterMs: 1_000 }));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        decide: (draft) => {
          const intent = decide(draft);
          return { ...intent, finish: (revision) => resolve(intent.finish(revision)) };
        },
        refuse: reject,
        conflicts: 0,
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
    while (this.#waiting.length > 0 || this.#putOff.size > 0) {
      // Lets every socket that is readable in this turn add its write; after a batch it lets others be served.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#runBatch();
    }
    this.#running = false;
  }

  async #runBatch(): Promise<void> {
    const draft = this.#options.newDraft();
    const taken = this.#takeBatch(draft);
    let revision: number | undefined;
    try {
      revision = await this.#commit(draft);
      if (revision === undefined) {
        this.#tryAgain(taken.map(({ write }) => write));
        return;
      }
    } catch (error) {
      for (const { write } of taken) write.refuse(error);
      return;
    }
    for (const { write, finish } of taken) {
      try {
        finish(revision);
      } catch (error) {
        write.refuse(error);
      }
    }
  }

  /** Lets the writes that wait decide, as many as fit: first those that were put off. */
  #takeBatch(draft: Draft): readonly TakenWrite[] {
    const taken: TakenWrite[] = [];
    const most = Math.max(0, this.#options.store.maxChanges - maxChangesPerWrite);
    for (const [key, writes] of this.#putOff) {
      let done = 0;
      for (const write of writes) {
        if (draft.isFull(most) || this.#take(write, draft, taken) !== undefined) break;
        done += 1;
      }
      writes.splice(0, done);
      if (writes.length === 0) this.#putOff.delete(key);
      else draft.hold(key);
    }
    let next = 0;
    for (; next < this.#waiting.length && !draft.isFull(most); next += 1) {
      const write = this.#waiting[next];
      const key = write && this.#take(write, draft, taken);
      if (write === undefined || key === undefined) continue;
      const behind = this.#putOff.get(key);
      if (behind === undefined) this.#putOff.set(key, [write]);
      else behind.push(write);
    }
    this.#waiting = this.#waiting.slice(next);
    return taken;
  }

  /** Lets a write decide. Returns what it has to wait for, if it has to. */
  #take(write: Write, draft: Draft, taken: TakenWrite[]): string | undefined {
    try {
      const outcome = draft.take(write.decide);
      if (outcome.kind === 'not-yet') return outcome.key;
      taken.push({ write, finish: outcome.decided.finish });
    } catch (error) {
      write.refuse(error);
    }
    return undefined;
  }

  /** Makes a batch durable, and waits until memory has followed. Returns its revision; undefined after a conflict. */
  async #commit({ changes, conditions, lines }: Draft): Promise<number | undefined> {
    if (changes.length + lines.length === 0) return 0;
    const { store, reached } = this.#options;
    const result = await store.commit(changes, conditions, lines);
    await reached(result.revision);
    return result.kind === 'committed' ? result.revision : undefined;
  }

  /** Another writer has changed something that a batch was decided by: its writes decide anew. */
  #tryAgain(writes: readonly Write[]): void {
    const again = writes.filter((write) => {
      write.conflicts += 1;
      if (write.conflicts < maxConflicts) return true;
      write.refuse(
        new AppError('REVISION_CONFLICT', {
          detail: 'Other registries keep changing the record in the shared store',
          retryAfterMs: 1_000,
        }),
      );
      return false;
    });
    this.#waiting = [...again, ...this.#waiting];
  }
}
