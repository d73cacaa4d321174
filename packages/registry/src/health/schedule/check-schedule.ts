import type { Clock, Timer } from '@flotilla/contracts';
import { Heap, type HeapItem } from '@flotilla/kit/scheduling';
import { EvenPhases } from './even-phases.ts';
import { RunLanes } from './run-lanes.ts';

/** Something that runs again and again. Changed by the schedule alone. */
export interface Scheduled<T> extends HeapItem {
  readonly holder: T;
  readonly intervalMs: number;
  /** Its regular time, on the monotonic clock, from which runs are apart by the interval. */
  slotMs: number;
  /** When it runs next: about at its regular time. */
  dueMs: number;
  /** When it is to run at the latest, beside its regular time: asked for by `hasten` while it ran. */
  wantedMs: number;
  /** Whether it has been taken out. */
  removed: boolean;
  /** Whether its last run was slow. */
  slow: boolean;
}

/** How a {@link CheckSchedule} works. */
export interface CheckScheduleOptions<T> {
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  /** Runs something once. Never rejects. The next run of the same begins when it has ended. */
  readonly run: (holder: T) => Promise<void>;
  /** Told of a run that begins more than `lateAfterMs` after it was due. */
  readonly onLate?: (holder: T, lateMs: number) => void;
  /** Default 1000 ms: what a busy moment costs is not worth a line. */
  readonly lateAfterMs?: number;
  /**
   * How much runs are moved at random around their regular time, as a share of the interval. Default 0.005: several
   * registries that began at the same moment do not stay in step.
   */
  readonly jitter?: number;
  /** First runs that are wanted at once come no closer than this. Default 2 ms: 500 a second. */
  readonly eagerEveryMs?: number;
  /** The most runs under way. Default 1024: that many sockets every system allows. */
  readonly maxRunning?: number;
  /** A run that takes longer makes what it runs slow, until one does not. Default 1000 ms. */
  readonly slowAfterMs?: number;
  /**
   * If the timer is later than this, the program itself was away. What fell due meanwhile is then run one after the other
   * instead of all at once. Default 1000 ms, as for leases.
   */
  readonly stallAfterMs?: number;
}

/**
 * Runs thousands of things regularly: spread evenly over their intervals, and moved a little at random. One timer, for
 * what is due first. How much runs at the same time is bounded, and what is slow can take only half of that.
 */
export class CheckSchedule<T> {
  readonly #options: Required<CheckScheduleOptions<T>>;
  readonly #heap = new Heap<Scheduled<T>>((a, b) => a.dueMs < b.dueMs);
  readonly #phases: EvenPhases;
  readonly #lanes: RunLanes<Scheduled<T>>;
  #timer: Timer | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  #nextEagerMs = 0;
  #closed = false;

  constructor(options: CheckScheduleOptions<T>) {
    this.#options = {
      onLate: () => {},
      lateAfterMs: 1_000,
      jitter: 0.005,
      eagerEveryMs: 2,
      maxRunning: 1_024,
      slowAfterMs: 1_000,
      stallAfterMs: 1_000,
      ...options,
    };
    this.#phases = new EvenPhases(options.random());
    this.#lanes = new RunLanes({ max: this.#options.maxRunning, start: (item) => void this.#run(item) });
  }

  /** How many runs are under way. */
  get running(): number {
    return this.#lanes.running;
  }

  /**
   * Runs `holder` every `intervalMs` from now on.
   *
   * @param eager whether the first run is wanted at once. Otherwise it comes within the interval
   */
  add(holder: T, intervalMs: number, eager: boolean): Scheduled<T> {
    const nowMs = this.#options.clock.monotonicMs();
    const slotMs = this.#phases.nextSlot(intervalMs, nowMs);
    const dueMs = eager ? this.#eagerDue(slotMs, nowMs) : slotMs;
    const item: Scheduled<T> = { holder, intervalMs, slotMs, dueMs, ...fresh() };
    this.#heap.add(item);
    this.#arm();
    return item;
  }

  /** Runs it no more; a run under way ends by itself. */
  remove(item: Scheduled<T>): void {
    item.removed = true;
    this.#heap.remove(item);
  }

  /** Runs it in `delayMs` if its next run would be later. */
  hasten(item: Scheduled<T>, delayMs: number): void {
    const wantedMs = this.#options.clock.monotonicMs() + delayMs;
    if (item.heapIndex < 0) item.wantedMs = wantedMs;
    if (item.heapIndex < 0 || wantedMs >= item.dueMs) return;
    item.dueMs = wantedMs;
    this.#heap.moved(item);
    this.#arm();
  }

  /** Begins no more runs. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#lanes.clear();
  }

  #arm(): void {
    const first = this.#heap.peek();
    if (this.#closed || first === undefined || first.dueMs >= this.#timerDueMs) return;
    this.#timer?.cancel();
    this.#timerDueMs = first.dueMs;
    const { clock } = this.#options;
    this.#timer = clock.after(first.dueMs - clock.monotonicMs(), () => this.#tick());
  }

  #tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const wasAway = nowMs - this.#timerDueMs > this.#options.stallAfterMs;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    for (let item = this.#heap.peek(); item !== undefined && item.dueMs <= nowMs; item = this.#heap.peek()) {
      if (wasAway) {
        item.dueMs = this.#eagerDue(nowMs + item.intervalMs, nowMs + 1);
        this.#heap.moved(item);
        continue;
      }
      this.#heap.remove(item);
      this.#lanes.offer(item);
    }
    this.#arm();
  }

  async #run(item: Scheduled<T>): Promise<void> {
    const { clock, run, onLate, lateAfterMs, slowAfterMs } = this.#options;
    const startMs = clock.monotonicMs();
    if (item.removed || this.#closed) return this.#lanes.ended(item);
    if (startMs - item.dueMs > lateAfterMs) onLate(item.holder, startMs - item.dueMs);
    await run(item.holder);
    const nowMs = clock.monotonicMs();
    this.#lanes.ended(item);
    item.slow = nowMs - startMs > slowAfterMs;
    if (item.removed || this.#closed) return;
    this.#setNext(item, startMs, nowMs);
    this.#heap.add(item);
    this.#arm();
  }

  /**
   * The next regular time, unless that is so soon after the start of the run that it would tell nothing new. One that has
   * taken longer runs again at once, and runs that were missed are not made up for.
   */
  #setNext(item: Scheduled<T>, startMs: number, nowMs: number): void {
    const { intervalMs } = item;
    const steps = Math.ceil((startMs + intervalMs / 4 - item.slotMs) / intervalMs);
    if (steps > 0) item.slotMs += steps * intervalMs;
    const { jitter, random } = this.#options;
    const regularMs = item.slotMs + (2 * random() - 1) * jitter * intervalMs;
    item.dueMs = Math.max(nowMs, Math.min(regularMs, item.wantedMs));
    item.wantedMs = Number.POSITIVE_INFINITY;
  }

  /** Soon, but after the others that are wanted soon; no later than `latestMs`. */
  #eagerDue(latestMs: number, nowMs: number): number {
    const dueMs = Math.max(nowMs, this.#nextEagerMs);
    if (dueMs >= latestMs) return latestMs;
    this.#nextEagerMs = dueMs + this.#options.eagerEveryMs;
    return dueMs;
  }
}

function fresh(): Omit<Scheduled<never>, 'holder' | 'intervalMs' | 'slotMs' | 'dueMs'> {
  return { wantedMs: Number.POSITIVE_INFINITY, removed: false, slow: false, heapIndex: -1 };
}
