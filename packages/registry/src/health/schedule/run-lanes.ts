/** What runs, and whether it was slow when it ran last. */
export interface Runnable {
  readonly slow: boolean;
  readonly removed: boolean;
}

/** How {@link RunLanes} work. */
export interface RunLanesOptions<T> {
  /** The most that run at the same time. What is slow gets half of it. */
  readonly max: number;
  /** Begins a run, which must call `ended`. */
  readonly start: (item: T) => void;
}

/**
 * Bounds how much runs at the same time. What has to wait does so in the order in which it came, the slow apart from the
 * others: a thousand targets that never answer hold up only each other.
 */
export class RunLanes<T extends Runnable> {
  readonly #options: RunLanesOptions<T>;
  /** What runs, with whether it counts as slow. */
  readonly #running = new Map<T, boolean>();
  #slow = 0;
  readonly #waiting: Set<T> = new Set();
  readonly #slowWaiting: Set<T> = new Set();

  constructor(options: RunLanesOptions<T>) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Begins a run, or lets it wait. */
  offer(item: T): void {
    if (this.#fits(item.slow)) this.#start(item, item.slow);
    else (item.slow ? this.#slowWaiting : this.#waiting).add(item);
  }

  /** A run has ended: another one may begin. */
  ended(item: T): void {
    if (this.#running.get(item) === true) this.#slow -= 1;
    this.#running.delete(item);
    this.#startNext(this.#waiting, false);
    this.#startNext(this.#slowWaiting, true);
  }

  /** Nothing that waits will run. */
  clear(): void {
    this.#waiting.clear();
    this.#slowWaiting.clear();
  }

  #fits(slow: boolean): boolean {
    const { max } = this.#options;
    return this.#running.size < max && (!slow || this.#slow < max / 2);
  }

  #startNext(waiting: Set<T>, slow: boolean): void {
    for (const item of waiting) {
      if (!this.#fits(slow)) return;
      waiting.delete(item);
      if (!item.removed) this.#start(item, slow);
    }
  }

  #start(item: T, slow: boolean): void {
    this.#running.set(item, slow);
    if (slow) this.#slow += 1;
    this.#options.start(item);
  }
}
