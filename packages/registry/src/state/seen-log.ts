import type { Clock, Timer } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { instanceKey } from '../record/instance.ts';
import type { RecordStore } from '../store/record-store.ts';

/** How a {@link SeenLog} works. */
export interface SeenLogOptions {
  readonly store: Pick<RecordStore, 'noteSeen'>;
  readonly clock: Clock;
  readonly everyMs: number;
  /** Whether there is an instance whose lease runs: then it is noted from time to time that the registry does. */
  readonly isInUse: () => boolean;
  /** Told of the first failure of several in a row. */
  readonly onError: (error: unknown) => void;
}

/** The most signs of life written at once, so that a write takes a few milliseconds. */
const batchSize = 512;
/** The pause between two batches of one round. */
const pauseMs = 20;
/** How soon the registry that counts a lease hears of a sign of life that came here: leases may be as short as a second. */
const passOnMs = 100;

/**
 * Tells the store of signs of life from time to time. Renewals are by far the most frequent thing a registry is asked
 * for; writing each to the disk would make the disk its limit. With them goes that the registry works: after a crash
 * that tells for how long nobody could renew.
 */
export class SeenLog {
  readonly #options: SeenLogOptions;
  readonly #unwritten = new Set<InstanceEntry>();
  #timer: Timer | undefined;
  /** On the monotonic clock. */
  #dueMs = Number.POSITIVE_INFINITY;
  #closed = false;
  /** Whether the last batch was full, so the round is not over. */
  #more = false;
  /** Whether another registry waits for a sign of life. */
  #urgent = false;
  #failing = false;

  constructor(options: SeenLogOptions) {
    this.#options = options;
  }

  note(entry: InstanceEntry): void {
    this.#unwritten.add(entry);
    if (entry.lease !== undefined) return this.begin();
    this.#urgent = true;
    this.#arm(passOnMs);
  }

  /** Begins to write from time to time, if it does not yet. */
  begin(): void {
    if (this.#timer === undefined) this.#arm(this.#options.everyMs);
  }

  forget(entry: InstanceEntry): void {
    this.#unwritten.delete(entry);
  }

  /** Writes everything that is not written yet. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    do await this.#writeBatch();
    while (this.#unwritten.size > 0);
  }

  #arm(delayMs: number): void {
    const { clock } = this.#options;
    const dueMs = clock.monotonicMs() + delayMs;
    if (this.#closed || dueMs >= this.#dueMs) return;
    this.#timer?.cancel();
    this.#dueMs = dueMs;
    this.#timer = clock.after(delayMs, () => {
      // Until it is written no other write begins.
      this.#dueMs = Number.NEGATIVE_INFINITY;
      void this.#writeBatch().then(() => {
        this.#timer = undefined;
        this.#dueMs = Number.POSITIVE_INFINITY;
        if (this.#unwritten.size > 0 || this.#options.isInUse())
          this.#arm(this.#more ? pauseMs : this.#urgent ? passOnMs : this.#options.everyMs);
      });
    });
  }

  async #writeBatch(): Promise<void> {
    this.#urgent = false;
    const entries = this.#unwritten.values().take(batchSize).toArray();
    this.#more = entries.length === batchSize;
    for (const entry of entries) this.#unwritten.delete(entry);
    try {
      await this.#options.store.noteSeen(
        entries.map(({ record: { name, id }, lastSeenMs }) => ({
          kind: 'instance',
          key: instanceKey(name, id),
          seenMs: lastSeenMs,
        })),
        this.#options.clock.now(),
      );
      this.#failing = false;
    } catch (error) {
      // Not worth a second attempt: the next renewal notes it again.
      if (!this.#failing) this.#options.onError(error);
      this.#failing = true;
    }
  }
}
