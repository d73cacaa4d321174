import type { Clock } from '@flotilla/contracts';

/** How a wait ended: `closed` when the registry stops, `aborted` when who waits has left. */
export type WaitEnd = 'changed' | 'timeout' | 'aborted' | 'closed';

/** What to wait for. */
export interface WaitRequest {
  /** Any of these. See {@link topicOf}. */
  readonly topics: readonly string[];
  /** The index that the reader knows: it waits for a higher one. One that was never reached waits as well. */
  readonly after: number;
  /** The longest wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal | undefined;
}

/** How a {@link TopicTable} works. */
export interface TopicTableOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** The registry's revision: where every topic begins. */
  readonly revision: number;
  /**
   * The most topics whose index is kept. Default 65 536: more than there are services in a full registry. Of others all
   * that is known is that they changed no later than the last one that was forgotten.
   */
  readonly maxTopics?: number;
}

interface Waiter {
  readonly topics: readonly string[];
  end(how: WaitEnd): void;
}

/** The names of topics, in one place. Names and ids hold no space, so no two are the same. */
export const topicOf = {
  /** Which services there are, and their tags. */
  services: 'services',
  /** Everything shown of a service's instances. */
  service: (name: string): string => `service:${name}`,
  /** What a service's instances have registered, without how well they are. */
  members: (name: string): string => `members:${name}`,
  /** Any check of any instance. */
  health: 'health',
  /** What any instance has registered. */
  allMembers: 'members',
  /** Any machine that Consul's clients have told of. */
  nodes: 'nodes',
  /** One of them. */
  node: (name: string): string => `node:${name}`,
} as const;

/**
 * When everything that can be asked for has changed last, as the revision of that commit, and who waits for a change: whoever
 * asks for one service is not woken by another. A change wakes those who wait once, together, so that one answer can serve all.
 */
export class TopicTable {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #maxTopics: number;
  /** The one that changed longest ago first. */
  readonly #indexes = new Map<string, number>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  /** Which of all changes without a commit was the latest of each topic. */
  readonly #variants = new Map<string, number>();
  #varied = 0;
  /** That of topics that are not in the table. */
  #variantFloor = 0;
  /** The index of topics that are not in the table. */
  #floor: number;
  #size = 0;
  #closed = false;

  constructor({ clock, revision, maxTopics = 65_536 }: TopicTableOptions) {
    this.#clock = clock;
    this.#maxTopics = maxTopics;
    this.#floor = revision;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#size;
  }

  /** The index of the latest change of any of `topics`; at least 1. */
  indexOf(...topics: readonly string[]): number {
    let latest = 1;
    for (const topic of topics) latest = Math.max(latest, this.#indexes.get(topic) ?? this.#floor);
    return latest;
  }

  /** Topics have changed at `revision`. Call it once everything of the commit is in memory. */
  touch(topics: Iterable<string>, revision: number): void {
    const changed = [...new Set(topics)];
    for (const topic of changed) {
      this.#indexes.delete(topic);
      this.#indexes.set(topic, revision);
    }
    this.#forgetOldest();
    this.wake(changed);
  }

  /** Wakes who waits for topics whose index stays: what is shown has changed without a commit. */
  wake(topics: Iterable<string>): void {
    const woken = new Set<Waiter>();
    for (const topic of topics) for (const waiter of this.#waiters.get(topic) ?? []) woken.add(waiter);
    for (const waiter of woken) waiter.end('changed');
  }

  /**
   * What is shown has changed without a commit, in a way that wakes nobody: a check has found the same in other words. Whoever keeps
   * an answer sees by {@link variantOf} that it is another one now.
   */
  vary(...topics: readonly string[]): void {
    this.#varied += 1;
    for (const topic of topics) this.#variants.set(topic, this.#varied);
    if (this.#variants.size <= this.#maxTopics) return;
    this.#variants.clear();
    this.#variantFloor = this.#varied;
  }

  /** Another number whenever one of `topics` was varied. */
  variantOf(...topics: readonly string[]): number {
    let latest = 0;
    for (const topic of topics) latest = Math.max(latest, this.#variants.get(topic) ?? this.#variantFloor);
    return latest;
  }

  /** Waits until one of the topics has a higher index than the reader knows. Never rejects. */
  wait({ topics, after, timeoutMs, signal }: WaitRequest): Promise<WaitEnd> {
    if (this.#closed) return Promise.resolve('closed');
    if (signal?.aborted === true) return Promise.resolve('aborted');
    if (this.indexOf(...topics) > after) return Promise.resolve('changed');
    return new Promise((resolve) => {
      const leave = (): void => waiter.end('aborted');
      const timer = this.#clock.after(timeoutMs, () => waiter.end('timeout'));
      const waiter: Waiter = {
        topics,
        end: (how) => {
          timer.cancel();
          signal?.removeEventListener('abort', leave);
          this.#remove(waiter);
          resolve(how);
        },
      };
      signal?.addEventListener('abort', leave);
      this.#add(waiter);
    });
  }

  /** Begins anew at a revision, which may be lower: what changed since is not known, so everything may have. */
  beginAnew(revision: number): void {
    this.#indexes.clear();
    this.#floor = revision;
    this.wake([...this.#waiters.keys()]);
  }

  /** Ends all waits, and lets nobody wait any more: a server that stops waits for its requests. */
  close(): void {
    this.#closed = true;
    for (const waiters of [...this.#waiters.values()]) for (const waiter of [...waiters]) waiter.end('closed');
  }

  #add(waiter: Waiter): void {
    this.#size += 1;
    for (const topic of waiter.topics) {
      const waiters = this.#waiters.get(topic);
      if (waiters === undefined) this.#waiters.set(topic, new Set([waiter]));
      else waiters.add(waiter);
    }
  }

  #remove(waiter: Waiter): void {
    this.#size -= 1;
    for (const topic of waiter.topics) {
      const waiters = this.#waiters.get(topic);
      waiters?.delete(waiter);
      if (waiters?.size === 0) this.#waiters.delete(topic);
    }
  }

  #forgetOldest(): void {
    for (const [topic, index] of this.#indexes) {
      if (this.#indexes.size <= this.#maxTopics) return;
      this.#indexes.delete(topic);
      this.#floor = Math.max(this.#floor, index);
    }
  }
}
