import type { Clock } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { GuardSettings } from '../guard/guard-view.ts';
import { MassLoss } from '../guard/mass-loss.ts';
import { lineOf } from '../trail/trail-line-of.ts';
import { registryActor } from '../trail/trail-of.ts';
import { expecting, removalOf } from '../write/removal.ts';
import { samePut } from '../write/status-changes.ts';
import type { Intent, WriteQueue } from '../write/write-queue.ts';
import type { LiveInstances } from './live-instances.ts';
import type { Notice } from './options.ts';

/** What a guard against mass loss works with. */
export interface LossGuardOptions {
  readonly settings: GuardSettings;
  readonly instances: LiveInstances;
  readonly writes: WriteQueue;
  readonly clock: Clock;
  /** Removes those whose lease has run out. */
  readonly remove: (entries: readonly InstanceEntry[]) => Promise<void>;
  readonly onNotice: (notice: Notice) => void;
  readonly onError: (error: unknown, doing: string) => void;
}

const nothing: Intent<void> = { changes: [], conditions: [], finish: () => {} };

/** The guard against mass loss, as it works on the instances of a registry: what it decides is stored, told and noted. */
export function lossGuard(options: LossGuardOptions): MassLoss {
  const { settings, instances, writes, clock, onNotice, onError } = options;
  const { catalog } = instances;
  const inBackground = (write: Promise<unknown>, doing: string): Promise<void> =>
    write.then(
      () => {},
      (error: unknown) => onError(error, doing),
    );
  const note = (what: 'guard-opened' | 'guard-closed', why: string): void => {
    const lines = [lineOf({ what, by: registryActor, why }, clock.now())];
    void inBackground(
      writes.submit(() => ({ ...nothing, lines })),
      'note the guard against mass loss in the trail',
    );
  };

  /** Writes an instance with or without the mark, if it is still as `isRight` says. */
  const write = (entry: InstanceEntry, since: string | undefined, isRight: () => boolean): Promise<void> =>
    inBackground(
      writes.submit((draft): Intent<void> => {
        const { name, id } = entry.record;
        const present = draft.get(name, id);
        if (present !== entry || !isRight() || entry.record.suspect_since === since) return nothing;
        const put = samePut(entry);
        const { suspect_since: _, ...rest } = put.value;
        const value = since === undefined ? rest : { ...rest, suspect_since: since };
        return { changes: [{ ...put, value }], conditions: [expecting(name, id, entry)], finish: () => {} };
      }),
      'mark an instance as suspect, or as back',
    );

  /** Removes an instance without a lease, whose checks had been critical for too long. */
  const removeCritical = (entry: InstanceEntry): Promise<void> =>
    inBackground(
      writes.submit((draft): Intent<void> => {
        const present = draft.get(entry.record.name, entry.record.id);
        if (present !== entry || entry.checked !== 'critical') return nothing;
        return { ...removalOf(draft, present, 'critical', clock.now()), finish: () => {} };
      }),
      'remove an instance that was critical for too long',
    );

  const guard: MassLoss = new MassLoss({
    ...settings,
    clock,
    entries: () => catalog.all(),
    isThere: (entry) => catalog.get(entry.record.name, entry.record.id) === entry,
    isFailing: ({ record: { name, id }, checked }) =>
      checked === 'critical' &&
      [...instances.statuses.checksOf(name, id).values()].some(
        ({ value }) => value.status === 'critical' && value.definition?.deregister_after_ms !== undefined,
      ),
    workedMs: () => instances.leases.workedMs,
    mark: (entry, since) => write(entry, since, () => guard.isKept(entry)),
    clear: (entry) => void write(entry, undefined, () => !guard.isKept(entry)),
    giveUp: (entries) => {
      void options.remove(entries.filter(({ record }) => record.lease_ms > 0));
      for (const entry of entries) if (entry.record.lease_ms === 0) void removeCritical(entry);
    },
    onOpen: (view) => {
      if (!view.open) return;
      onNotice({ kind: 'guard-opened', view });
      note('guard-opened', view.why);
    },
    onClose: (end) => {
      onNotice({ kind: 'guard-closed', end });
      note('guard-closed', `${end.returned} came back, ${end.removed} were given up`);
    },
  });
  return guard;
}
