import type { Registration } from '@flotilla/contracts';
import type { Change, InstanceRecord, MaintenanceRecord } from '../store/instance-store.ts';
import type { Draft, DraftRecord } from './draft.ts';
import { recordOf, sameRecord } from './registration-record.ts';

/** What a registration comes to. */
export interface RegistrationChanges {
  /** The instance as it will be. */
  readonly record: InstanceRecord;
  /** The instance of that service that is at the address and port already; the registration renews it. */
  readonly there: DraftRecord | undefined;
  /** An instance of another service at that address and port, which goes. */
  readonly ousted: DraftRecord | undefined;
  /** The instance that had the id elsewhere, which goes. */
  readonly moved: DraftRecord | undefined;
  readonly changes: readonly Change[];
}

/**
 * What a registration changes. An address and port belongs to the newest registration, and so does an id: the instances
 * that had them go as `replaced`.
 *
 * @throws {AppError} REGISTRATION_HELD
 */
export function changesOfRegistration(
  draft: Draft,
  registration: Registration,
  { token, client }: { readonly token: string | undefined; readonly client: string | undefined },
  now: { readonly nowMs: number; readonly keepMaintenanceMs: number },
): RegistrationChanges {
  const { name, address, port } = registration;
  const { nowMs } = now;
  const holder = draft.at(address, port);
  const there = holder?.record.name === name ? holder : undefined;
  const ousted = there === undefined ? holder : undefined;
  const record = recordOf(registration, token, there?.record, nowMs);
  const moved = there === undefined ? draft.get(name, record.id) : undefined;
  const changes: Change[] = [];
  if (ousted !== undefined) changes.push(...removalOf(draft, ousted, 'replaced', nowMs));
  // The id stays in use, so what an operator wishes for it does too.
  if (moved !== undefined) changes.push(deletionOf(moved, 'replaced'));
  changes.push(...returnFromMaintenance(draft.maintenance(name, record.id), now));
  if (there === undefined || !sameRecord(there.record, record))
    changes.push({
      kind: 'put',
      record,
      lastSeenMs: nowMs,
      client,
      ...(moved === undefined ? expecting(there) : {}),
    });
  return { record, there, ousted, moved, changes };
}

/** Removes an instance; what an operator wishes for it waits for its return. */
export function removalOf(
  draft: Draft,
  present: DraftRecord,
  reason: 'deregistered' | 'expired' | 'replaced',
  nowMs: number,
): readonly Change[] {
  const { name, id } = present.record;
  const wish = draft.maintenance(name, id);
  const waiting = wish === undefined ? [] : [{ kind: 'maintain', name, id, goneMs: nowMs } as const];
  return [...waiting, deletionOf(present, reason)];
}

function deletionOf(present: DraftRecord, reason: 'deregistered' | 'expired' | 'replaced'): Change {
  const { name, id } = present.record;
  return { kind: 'delete', name, id, reason, ...expecting(present) };
}

/** An instance that was in maintenance when it went comes back in maintenance, unless that is too long ago. */
function returnFromMaintenance(
  wish: MaintenanceRecord | undefined,
  { nowMs, keepMaintenanceMs }: { readonly nowMs: number; readonly keepMaintenanceMs: number },
): readonly Change[] {
  if (wish?.goneMs === undefined) return [];
  const { name, id, goneMs } = wish;
  return nowMs - goneMs > keepMaintenanceMs
    ? [{ kind: 'end-maintenance', name, id }]
    : [{ kind: 'maintain', name, id, goneMs: undefined }];
}

/** The condition that a record is still the one that was read; none if it is part of the same batch. */
export function expecting(present: DraftRecord | undefined): { readonly expectedRevision?: number } {
  if (present === undefined) return { expectedRevision: 0 };
  return present.revision === undefined ? {} : { expectedRevision: present.revision };
}
