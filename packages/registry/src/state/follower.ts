import { AppError, type Clock } from '@flotilla/contracts';
import { pause } from '@flotilla/contracts/time';
import type { RecordStore, StoreEvent } from '../store/record-store.ts';
import type { LiveState } from './live-state.ts';

/** How a {@link Follower} works. */
export interface FollowerOptions {
  readonly store: Pick<RecordStore, 'follow' | 'load'>;
  readonly state: LiveState;
  readonly clock: Clock;
  /** The leases of this owner are to be had. */
  readonly onOwnerGone: (owner: string) => void;
  /** Told of the first failure of several in a row. */
  readonly onError: (error: unknown) => void;
}

/** How long after a failure the store is followed again. */
const retryMs = 500;
/** How long whoever has written waits for memory: far longer than a store takes to tell, and what a caller bears. */
const waitLimitMs = 10_000;

/** Who waits for a revision. */
interface Waiter {
  readonly revision: number;
  readonly reached: () => void;
  readonly refuse: (reason: unknown) => void;
}

/** Lets memory follow the store: what this registry commits, and what others do, come here alike, and nowhere else. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #closed = new AbortController();
  readonly #running: Promise<void>;
  #waiters: Waiter[] = [];
  #failing = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /**
   * Resolves when memory has followed up to `revision`. Rejects when that will not be, as the store has lost it or the
   * registry stops; and when the store, which has it, has told nothing of it for 10 s.
   */
  reached(revision: number): Promise<void> {
    if (this.#options.state.revision >= revision) return Promise.resolve();
    if (this.#closed.signal.aborted) return Promise.reject(new AppError('SHUTTING_DOWN', { retryAfterMs: 1_000 }));
    return new Promise((resolve, reject) => {
      const limit = this.#options.clock.after(waitLimitMs, () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        const cause = new Error(`the store has not reported the revision ${revision} within ${waitLimitMs} ms`);
        reject(new AppError('STORAGE_UNAVAILABLE', { retryAfterMs: 1_000, cause }));
      });
      const settle = (how: () => void): void => (limit.cancel(), how());
      const waiter: Waiter = {
        revision,
        reached: () => settle(resolve),
        refuse: (reason) => settle(() => reject(reason)),
      };
      this.#waiters.push(waiter);
    });
  }

  /** Follows no more. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#refuseAll('SHUTTING_DOWN');
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        if ((await this.#follow(signal)) === 'compacted') await this.#beginAnew();
        else if (!signal.aborted) await this.#pause();
      } catch (error) {
        if (!this.#failing) this.#options.onError(error);
        this.#failing = true;
        await this.#pause();
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<'compacted' | 'ended'> {
    const { store, state } = this.#options;
    for await (const event of store.follow(state.revision, signal)) {
      if (signal.aborted) break;
      this.#failing = false;
      if (event.kind === 'compacted') return 'compacted';
      this.#take(event);
    }
    return 'ended';
  }

  #take(event: Exclude<StoreEvent, { kind: 'compacted' }>): void {
    const { state, onOwnerGone } = this.#options;
    switch (event.kind) {
      case 'commit':
        // A store that tells something twice, after a gap, is not to take memory back.
        if (event.revision > state.revision) state.apply(event);
        this.#answerWaiters();
        return;
      case 'seen':
        state.hear(event.signs);
        return;
      case 'owner-gone':
        onOwnerGone(event.owner);
        return;
      default:
        event satisfies never;
    }
  }

  async #beginAnew(): Promise<void> {
    const { store, state } = this.#options;
    const contents = await store.load();
    const isAnother = contents.history !== state.history;
    state.replace(contents);
    this.#answerWaiters();
    if (isAnother) this.#refuseAll('STORAGE_UNAVAILABLE');
  }

  #answerWaiters(): void {
    if (this.#waiters.length === 0) return;
    const { revision } = this.#options.state;
    const waiters = this.#waiters;
    this.#waiters = waiters.filter((waiter) => waiter.revision > revision);
    for (const waiter of waiters) if (waiter.revision <= revision) waiter.reached();
  }

  #refuseAll(code: 'SHUTTING_DOWN' | 'STORAGE_UNAVAILABLE'): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { refuse } of waiters) refuse(new AppError(code, { retryAfterMs: 1_000 }));
  }

  #pause(): Promise<void> {
    return pause(this.#options.clock, retryMs, this.#closed.signal);
  }
}
