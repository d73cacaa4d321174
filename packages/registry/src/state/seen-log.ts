import type { Clock, Timer } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { InstanceStore } from '../store/instance-store.ts';

/** How a {@link SeenLog} works. */
export interface SeenLogOptions {
  readonly store: Pick<InstanceStore, 'noteSeen'>;
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

/**
 * Tells the store of signs of life from time to time. Renewals are by far the most frequent thing a registry is asked
 * for; writing each to the disk would make the disk its limit. With them goes that the registry works: after a crash
 * that tells for how long nobody could renew.
 */
export class SeenLog {
  readonly #options: SeenLogOptions;
  readonly #unwritten = new Set<InstanceEntry>();
  #timer: Timer | undefined;
  #closed = false;
  #failing = false;

  constructor(options: SeenLogOptions) {
    this.#options = options;
  }

  note(entry: InstanceEntry): void {
    this.#unwritten.add(entry);
    this.begin();
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
    if (this.#closed) return;
    this.#timer = this.#options.clock.after(delayMs, () => {
      void this.#writeBatch().then(() => {
        this.#timer = undefined;
        if (this.#unwritten.size > 0 || this.#options.isInUse())
          this.#arm(this.#more ? pauseMs : this.#options.everyMs);
      });
    });
  }

  /** Whether the last batch was full, so the round is not over. */
  #more = false;

  async #writeBatch(): Promise<void> {
    const entries = this.#unwritten.values().take(batchSize).toArray();
    this.#more = entries.length === batchSize;
    for (const entry of entries) this.#unwritten.delete(entry);
    try {
      await this.#options.store.noteSeen(
        entries.map(({ record, lastSeenMs }) => ({ name: record.name, id: record.id, lastSeenMs })),
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
