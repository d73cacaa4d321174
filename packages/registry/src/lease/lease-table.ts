import type { Clock, Timer } from '@flotilla/contracts';
import { Heap } from '@flotilla/kit/scheduling';

/** The time one holder may go on without a sign of life. Changed by the table alone. */
export interface Lease<T> {
  readonly holder: T;
  /** How long a renewal lasts, in milliseconds. */
  leaseMs: number;
  /** When it runs out, on the monotonic clock. */
  dueMs: number;
  /** When its holder was heard of last, in {@link LeaseTable.workedMs}. */
  heardMs: number;
  /** About the longest time between two of its renewals lately, in milliseconds; 0 = not known yet. */
  everyMs: number;
  heapIndex: number;
}

/** How much of a longer interval each shorter one takes away: a dozen renewals later it is forgotten. */
const decay = 0.1;

/** How a {@link LeaseTable} works. */
export interface LeaseTableOptions<T> {
  readonly clock: Clock;
  /**
   * Called with leases that ran out, those due first in front. They are out of the table then; renewing one puts it
   * back, so a renewal that comes before its holder is really removed still counts.
   */
  readonly onExpired: (leases: readonly Lease<T>[]) => void;
  /**
   * The most leases one call of `onExpired` gets. Default 512: when thousands run out together, requests are served
   * between the calls.
   */
  readonly batchSize?: number;
  /**
   * If the timer is later than this the program itself was away (stopped, or starved of CPU), and could not receive
   * renewals. Leases that ran out meanwhile then get as long again as it was away, at most their own length, instead
   * of all lapsing at once. Default 1000 ms: far above what a busy loop causes.
   */
  readonly stallAfterMs?: number;
}

/**
 * Who holds a lease and when each runs out. One timer, for the lease that is due first; nothing sweeps. Granting,
 * renewing and releasing take O(log n). It runs on the monotonic clock, so a jump of the wall clock ends no lease.
 */
export class LeaseTable<T> {
  readonly #heap = new Heap<Lease<T>>((a, b) => a.dueMs < b.dueMs);
  readonly #clock: Clock;
  readonly #onExpired: (leases: readonly Lease<T>[]) => void;
  readonly #batchSize: number;
  readonly #stallAfterMs: number;
  #timer: Timer | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  /** For how long the program was away in all. */
  #awayMs = 0;
  #closed = false;

  constructor(options: LeaseTableOptions<T>) {
    this.#clock = options.clock;
    this.#onExpired = options.onExpired;
    this.#batchSize = options.batchSize ?? 512;
    this.#stallAfterMs = options.stallAfterMs ?? 1_000;
  }

  /** How many leases run. */
  get size(): number {
    return this.#heap.size;
  }

  /** The monotonic clock without the times at which the program was away, and could hear of nobody. */
  get workedMs(): number {
    return this.#clock.monotonicMs() - this.#awayMs;
  }

  /** Grants a lease. `firstMs` is how long it runs before its first renewal, if that differs from `leaseMs`. */
  grant(holder: T, leaseMs: number, firstMs: number = leaseMs): Lease<T> {
    const nowMs = this.#clock.monotonicMs();
    const heardMs = nowMs - this.#awayMs + Math.min(0, firstMs - leaseMs);
    const lease: Lease<T> = { holder, leaseMs, dueMs: nowMs + firstMs, heardMs, everyMs: 0, heapIndex: -1 };
    this.#heap.add(lease);
    this.#armFor(lease.dueMs);
    return lease;
  }

  /** Lets a lease run its full length from now; it comes back if it had run out. */
  renew(lease: Lease<T>, leaseMs: number = lease.leaseMs): void {
    const nowMs = this.#clock.monotonicMs();
    const workedMs = nowMs - this.#awayMs;
    // That it had run out says nothing of how often it is renewed.
    if (this.isRunning(lease)) {
      const gapMs = workedMs - lease.heardMs;
      lease.everyMs = gapMs > lease.everyMs ? gapMs : lease.everyMs + (gapMs - lease.everyMs) * decay;
    }
    lease.heardMs = workedMs;
    lease.leaseMs = leaseMs;
    this.#runUntil(lease, nowMs + leaseMs);
  }

  /** Lets a lease run for `delayMs` from now without changing how long a renewal lasts. */
  postpone(lease: Lease<T>, delayMs: number): void {
    this.#runUntil(lease, this.#clock.monotonicMs() + delayMs);
  }

  /** Ends a lease without calling `onExpired`. */
  release(lease: Lease<T>): void {
    this.#heap.remove(lease);
  }

  /** Whether the lease runs: false once it was handed to `onExpired` or released. */
  isRunning(lease: Lease<T>): boolean {
    return lease.heapIndex >= 0;
  }

  /** Stops the timer for good. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #runUntil(lease: Lease<T>, dueMs: number): void {
    lease.dueMs = dueMs;
    if (lease.heapIndex < 0) this.#heap.add(lease);
    else this.#heap.moved(lease);
    this.#armFor(dueMs);
  }

  /**
   * Sees to it that the timer fires at `dueMs` or before. It is never moved back: a renewal of the first lease leaves
   * it, and it then fires once for nothing. That is cheaper than a new timer for every renewal.
   */
  #armFor(dueMs: number): void {
    if (this.#closed || dueMs >= this.#timerDueMs) return;
    this.#timer?.cancel();
    this.#timerDueMs = dueMs;
    this.#timer = this.#clock.after(dueMs - this.#clock.monotonicMs(), () => this.#expire());
  }

  #expire(): void {
    const nowMs = this.#clock.monotonicMs();
    const lateMs = nowMs - this.#timerDueMs;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    if (lateMs > this.#stallAfterMs) this.#makeUpFor(lateMs, nowMs);
    const expired: Lease<T>[] = [];
    for (let first = this.#heap.peek(); first !== undefined; first = this.#heap.peek()) {
      if (first.dueMs > nowMs || expired.length === this.#batchSize) {
        // Not before now: what is left of a full batch is late because of us, not because we were away.
        this.#armFor(Math.max(first.dueMs, nowMs));
        break;
      }
      this.#heap.remove(first);
      expired.push(first);
    }
    if (expired.length > 0) this.#onExpired(expired);
  }

  #makeUpFor(lateMs: number, nowMs: number): void {
    this.#awayMs += lateMs;
    for (let first = this.#heap.peek(); first !== undefined && first.dueMs <= nowMs; first = this.#heap.peek()) {
      first.dueMs = nowMs + Math.min(lateMs, first.leaseMs);
      this.#heap.moved(first);
    }
  }
}
