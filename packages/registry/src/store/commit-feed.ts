import type { StoreEvent } from './record-store.ts';

type Commit = Extract<StoreEvent, { kind: 'commit' }>;

/** The most commits kept for one who follows slowly. In the same process nobody is that far behind. */
const maxKept = 64;

/**
 * Tells the commits of one process to those who follow in it, for stores that no other process can write to. What
 * everybody has been told is not kept.
 */
export class CommitFeed {
  readonly #commits: Commit[] = [];
  /** Everything after this revision is here. */
  #floor: number;
  #revision: number;
  #closed = false;
  #more = Promise.withResolvers<void>();
  readonly #followers = new Set<{ told: number }>();

  /** @param revision that of the last commit before those that will come */
  constructor(revision: number) {
    this.#floor = revision;
    this.#revision = revision;
  }

  push(commit: Commit): void {
    this.#revision = commit.revision;
    this.#commits.push(commit);
    this.#prune();
    this.#wake();
  }

  /** Ends everybody's following. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async *follow(from: number, signal: AbortSignal): AsyncGenerator<StoreEvent, void, void> {
    const follower = { told: from };
    this.#followers.add(follower);
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const { told } = follower;
        // A revision that was never reached is of another history.
        if (told < this.#floor || told > this.#revision) {
          yield { kind: 'compacted' };
          return;
        }
        const commit = this.#commits.find(({ revision }) => revision > told);
        if (commit === undefined) {
          if (this.#closed) return;
          await this.#more.promise;
          continue;
        }
        follower.told = commit.revision;
        this.#prune();
        yield commit;
      }
    } finally {
      this.#followers.delete(follower);
      signal.removeEventListener('abort', wake);
    }
  }

  #prune(): void {
    let toldAll = this.#revision;
    for (const { told } of this.#followers) toldAll = Math.min(toldAll, told);
    let first = this.#commits[0];
    while (first !== undefined && (first.revision <= toldAll || this.#commits.length > maxKept)) {
      this.#floor = first.revision;
      this.#commits.shift();
      first = this.#commits[0];
    }
  }

  #wake(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }
}
