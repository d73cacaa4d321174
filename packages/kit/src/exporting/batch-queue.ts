import type { Clock, Timer } from '@flotilla/contracts';
import { startDeadline } from '@flotilla/contracts/time';
import { outsideTraces } from '../telemetry/index.ts';
import type { BatchLimits } from './batch-limits.ts';

/** What {@link BatchQueue} needs. */
export interface BatchQueueOptions<Item> {
  readonly clock: Clock;
  readonly limits: BatchLimits;
  /** Sends a batch, and gives up when `signal` aborts. A batch that it throws at is dropped. */
  readonly send: (batch: readonly Item[], signal: AbortSignal) => Promise<void>;
  /** Told of items for which there was no room, or no time when the program stopped. */
  readonly dropped: (count: number) => void;
}

/**
 * Keeps items until there is a batch of them, or until the first has waited long enough. It sends one batch at a time, so a
 * receiver that is slow costs no more than what the queue holds. Adding one is a push to an array.
 */
export class BatchQueue<Item> {
  readonly #options: BatchQueueOptions<Item>;
  #items: Item[] = [];
  #timer: Timer | undefined;
  /** The batch that is being sent, and how to end that. */
  #sending: { readonly done: Promise<void>; readonly stop: AbortController } | undefined;
  #closed = false;

  constructor(options: BatchQueueOptions<Item>) {
    this.#options = options;
  }

  add(item: Item): void {
    const { limits } = this.#options;
    const waiting = this.#items.length;
    if (this.#closed || waiting >= limits.maxQueued) return this.#options.dropped(1);
    this.#items.push(item);
    // Compared for equality: this is done once for each batch, not for each item.
    if (waiting + 1 === limits.maxBatch) this.#sendSoon(0);
    else if (waiting === 0) this.#sendSoon(limits.delayMs);
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
      while (this.#items.length > 0 && !signal.aborted) await this.#sendBatch();
    };
    await Promise.race([late, rest()]);
    deadline.cancel();
    this.#sending?.stop.abort(signal.reason);
    if (this.#items.length > 0) this.#options.dropped(this.#items.length);
    this.#items = [];
  }

  #sendSoon(delayMs: number): void {
    this.#timer?.cancel();
    // A request only happens to be the one that fills a batch.
    this.#timer = outsideTraces(() => this.#options.clock.after(delayMs, () => this.#due()));
  }

  #due(): void {
    this.#timer = undefined;
    if (this.#sending !== undefined || this.#closed || this.#items.length === 0) return;
    void this.#sendBatch().then(() => {
      if (this.#closed || this.#items.length === 0) return;
      const { maxBatch, delayMs } = this.#options.limits;
      this.#sendSoon(this.#items.length >= maxBatch ? 0 : delayMs);
    });
  }

  async #sendBatch(): Promise<void> {
    const { clock, limits, send } = this.#options;
    const batch = this.#items.splice(0, limits.maxBatch);
    const stop = new AbortController();
    const deadline = startDeadline({ clock, afterMs: limits.timeoutMs, signal: stop.signal });
    // An item that cannot be written costs its batch, and not the program.
    const done = Promise.try(send, batch, deadline.signal)
      .catch(() => this.#options.dropped(batch.length))
      .finally(() => {
        deadline.cancel();
        this.#sending = undefined;
      });
    this.#sending = { done, stop };
    await done;
  }
}
