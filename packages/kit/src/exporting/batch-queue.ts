import type { Clock, Timer } from '@flotilla/contracts';
import { startDeadline } from '@flotilla/contracts/time';
import { outsideTraces } from '../telemetry/index.ts';
import type { BatchLimits } from './batch-limits.ts';

/** What {@link BatchQueue} needs. */
export interface BatchQueueOptions<Item, Batch> {
  readonly clock: Clock;
  readonly limits: BatchLimits;
  /** Begins a batch. If it throws, the item that it is for is dropped. */
  readonly open: () => Batch;
  /** Puts an item into a batch. If it throws, the item is dropped; the batch must be as before. */
  readonly put: (batch: Batch, item: Item) => void;
  /** Sends a batch of `count` items, and gives up when `signal` aborts. A batch that it throws at is dropped. */
  readonly send: (batch: Batch, count: number, signal: AbortSignal) => Promise<void>;
  /** Told of items for which there was no room, or no time when the program stopped. */
  readonly dropped: (count: number) => void;
}

/** A batch that waits to be sent; the last one still grows. */
interface Waiting<Batch> {
  readonly batch: Batch;
  count: number;
}

/**
 * Keeps items until there is a batch of them, or until the first has waited long enough. It sends one batch at a time, so a
 * receiver that is slow costs no more than what the queue holds.
 */
export class BatchQueue<Item, Batch> {
  readonly #options: BatchQueueOptions<Item, Batch>;
  #batches: Waiting<Batch>[] = [];
  /** How many items all batches have. */
  #count = 0;
  #timer: Timer | undefined;
  /** The batch that is being sent, and how to end that. */
  #sending: { readonly done: Promise<void>; readonly stop: AbortController } | undefined;
  #closed = false;

  constructor(options: BatchQueueOptions<Item, Batch>) {
    this.#options = options;
  }

  add(item: Item): void {
    const { limits, open, put, dropped } = this.#options;
    if (this.#closed || this.#count >= limits.maxQueued) return dropped(1);
    let last = this.#batches.at(-1);
    try {
      if (last === undefined || last.count >= limits.maxBatch) {
        last = { batch: open(), count: 0 };
        this.#batches.push(last);
      }
      put(last.batch, item);
    } catch {
      // Whoever has worked must not fail for what is told of it.
      return dropped(1);
    }
    last.count += 1;
    this.#count += 1;
    // Compared for equality: this is done once for each batch, not for each item.
    if (this.#count === limits.maxBatch) this.#sendSoon(0);
    else if (this.#count === 1) this.#sendSoon(limits.delayMs);
  }

  /** Sends what is left, for at most `limitMs`; what has not been sent by then is dropped. Items are no longer taken. */
  async close(limitMs: number): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    const deadline = startDeadline({ clock: this.#options.clock, afterMs: limitMs });
    const { signal } = deadline;
    const late = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const rest = async (): Promise<void> => {
      await this.#sending?.done;
      while (this.#count > 0 && !signal.aborted) await this.#sendBatch();
    };
    await Promise.race([late, rest()]);
    deadline.cancel();
    this.#sending?.stop.abort(signal.reason);
    if (this.#count > 0) this.#options.dropped(this.#count);
    this.#batches = [];
    this.#count = 0;
  }

  #sendSoon(delayMs: number): void {
    this.#timer?.cancel();
    // A request only happens to be the one that fills a batch.
    this.#timer = outsideTraces(() => this.#options.clock.after(delayMs, () => this.#due()));
  }

  #due(): void {
    this.#timer = undefined;
    if (this.#sending !== undefined || this.#closed || this.#count === 0) return;
    void this.#sendBatch().then(() => {
      if (this.#closed || this.#count === 0) return;
      const { maxBatch, delayMs } = this.#options.limits;
      this.#sendSoon(this.#count >= maxBatch ? 0 : delayMs);
    });
  }

  async #sendBatch(): Promise<void> {
    const { clock, limits, send, dropped } = this.#options;
    const waiting = this.#batches.shift();
    if (waiting === undefined) return;
    const { batch, count } = waiting;
    this.#count -= count;
    const stop = new AbortController();
    const deadline = startDeadline({ clock, afterMs: limits.timeoutMs, signal: stop.signal });
    // A batch that cannot be written costs itself, and not the program.
    const done = Promise.try(send, batch, count, deadline.signal)
      .catch(() => dropped(count))
      .finally(() => {
        deadline.cancel();
        this.#sending = undefined;
      });
    this.#sending = { done, stop };
    await done;
  }
}
