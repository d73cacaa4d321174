import type { Clock } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { instanceKey } from '../record/instance.ts';
import type { StoreContents } from '../store/record-store.ts';
import type { Decision } from '../write/draft.ts';
import { expecting, removalOf } from '../write/removal.ts';
import { samePut } from '../write/status-changes.ts';
import type { Intent, WriteQueue } from '../write/write-queue.ts';
import type { LiveState } from './live-state.ts';

/** What an {@link Upkeep} works with. */
export interface UpkeepOptions {
  readonly state: LiveState;
  readonly writes: WriteQueue;
  readonly clock: Clock;
  /** What this registry is called as an owner of leases. */
  readonly owner: string;
  /** See {@link RegistryOptions.keepMaintenanceMs}. */
  readonly keepMaintenanceMs: number;
  /** Told of what could not be done, and what that was. */
  readonly onError: (error: unknown, doing: string) => void;
}

const nothing: Intent<void> = { changes: [], conditions: [], finish: () => {} };

function only(decision: Decision): Intent<void> {
  return { ...decision, finish: () => {} };
}

/**
 * The writes that nobody asks for, which keep the log to its rules, whoever else has written to it, or did so under earlier
 * rules. Several registries on one store may try the same: the first one does it, and the others find it done.
 */
export class Upkeep {
  readonly #options: UpkeepOptions;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** Brings what a store held to the rules of today. Never rejects. */
  async settle({ records, owners }: StoreContents): Promise<void> {
    const { clock, keepMaintenanceMs, state } = this.#options;
    const nowMs = clock.now();
    const orphans = new Set<string>();
    const forgotten: Promise<void>[] = [];
    for (const record of records) {
      if (record.lease !== undefined && !owners.includes(record.lease.owner)) orphans.add(record.lease.owner);
      if (record.kind !== 'maintenance') continue;
      const { goneMs } = record.value;
      if (goneMs !== undefined && nowMs - goneMs > keepMaintenanceMs)
        forgotten.push(this.#forgetWish(record.value.name, record.value.id));
    }
    const displaced = this.removeDisplaced(state.instances.takeDisplaced());
    await Promise.all([this.#told(forgotten), displaced, ...[...orphans].map((owner) => this.adopt(owner))]);
  }

  /** Removes instances at whose endpoint a newer one is: the newest stays. Never rejects. */
  removeDisplaced(displaced: readonly InstanceEntry[]): Promise<void> {
    const { writes, clock, state } = this.#options;
    return this.#told(
      displaced.map((entry) =>
        writes.submit((draft) => {
          const present = draft.get(entry.record.name, entry.record.id);
          if (present !== entry || state.instances.catalog.isAtItsEndpoint(entry)) return nothing;
          return only(removalOf(draft, present, 'replaced', clock.now()));
        }),
      ),
    );
  }

  /** Takes over the leases of an owner that works no more; they run in full from then. Never rejects. */
  adopt(gone: string): Promise<void> {
    const { writes, state, owner } = this.#options;
    const orphans = [...state.instances.catalog.all()].filter((entry) => entry.owner === gone);
    return this.#told(
      orphans.map((entry) =>
        writes.submit((draft) => {
          const { name, id } = entry.record;
          const present = draft.get(name, id);
          if (present !== entry || present.owner !== gone) return nothing;
          return only({ changes: [samePut(present, owner)], conditions: [expecting(name, id, present)] });
        }),
      ),
    );
  }

  /** What an operator wished for an instance that went too long ago is forgotten. */
  #forgetWish(name: string, id: string): Promise<void> {
    return this.#options.writes.submit((draft) => {
      if (draft.get(name, id) !== undefined) return nothing;
      const key = instanceKey(name, id);
      return only({
        changes: [{ type: 'delete', kind: 'maintenance', key }],
        conditions: [expecting(name, id, undefined)],
      });
    });
  }

  async #told(writes: readonly Promise<void>[]): Promise<void> {
    const results = await Promise.allSettled(writes);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) this.#options.onError(failure.reason, 'clean up the store');
  }
}
