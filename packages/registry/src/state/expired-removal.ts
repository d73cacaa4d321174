import type { Clock, Timer } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { removalOf } from '../write/removal.ts';
import type { WriteQueue } from '../write/write-queue.ts';
import type { LiveState } from './live-state.ts';

/** What an {@link ExpiredRemoval} works with. */
export interface ExpiredRemovalOptions {
  readonly state: LiveState;
  readonly writes: WriteQueue;
  readonly clock: Clock;
  /** Told of the first failure of several in a row. */
  readonly onError: (error: unknown) => void;
}

/** How long after a removal that could not be stored it is tried again. */
const retryMs = 1_000;

/**
 * Removes instances whose lease has run out. One whose removal can't be stored is hidden at once and removed later: that
 * the disk is full does not bring the dead back to life.
 */
export class ExpiredRemoval {
  readonly #options: ExpiredRemovalOptions;
  #retry: Timer | undefined;
  #failing = false;
  #removed = 0;

  constructor(options: ExpiredRemovalOptions) {
    this.#options = options;
  }

  /** How many were removed. */
  get removed(): number {
    return this.#removed;
  }

  /** Removes those of `entries` that have not come back to life meanwhile. */
  async remove(entries: readonly InstanceEntry[]): Promise<void> {
    const { state, clock, onError } = this.#options;
    const results = await Promise.allSettled(entries.map((entry) => this.#removeOne(entry)));
    const failures = results.filter((result) => result.status === 'rejected');
    const { instances } = state;
    instances.hide(entries.filter((entry, index) => results[index]?.status === 'rejected' && this.#isOver(entry)));
    if (failures.length > 0 && !this.#failing) onError(failures[0]?.reason);
    this.#failing = instances.hasLapsed;
    if (this.#failing)
      this.#retry ??= clock.after(retryMs, () => {
        this.#retry = undefined;
        void this.remove(instances.lapsed);
      });
  }

  /** Tries no more. */
  stop(): void {
    this.#retry?.cancel();
  }

  #removeOne(entry: InstanceEntry): Promise<void> {
    const { name, id } = entry.record;
    const { writes, clock } = this.#options;
    return writes.submit((draft) => {
      const present = draft.get(name, id);
      // Renewed, removed, or replaced by another of the same id, after the timer fired.
      if (present !== entry || !this.#isOver(entry)) return { changes: [], conditions: [], finish: () => {} };
      return {
        ...removalOf(draft, present, 'expired', clock.now()),
        finish: () => void (this.#removed += 1),
      };
    });
  }

  /** Whether the instance is there though its lease is not. */
  #isOver(entry: InstanceEntry): boolean {
    const { catalog, leases } = this.#options.state.instances;
    const { record, lease } = entry;
    return catalog.get(record.name, record.id) === entry && lease !== undefined && !leases.isRunning(lease);
  }
}
