import type { Registration } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { type Counted, countedOf } from '../catalog/usage.ts';
import { type InstanceValue, instanceKey, saysSame } from '../record/instance.ts';
import type { Change, RecordLease } from '../record/log-record.ts';
import type { MaintenanceValue } from '../record/maintenance.ts';
import type { Condition } from '../store/record-store.ts';
import { checkChanges, wantedOf } from './check-changes.ts';
import { type CountedDecision, countOf, type Draft } from './draft.ts';
import { recordOf } from './registration-record.ts';
import { expecting, removalOf } from './removal.ts';
import { reportChanges } from './status-changes.ts';

/** What a registration comes to. */
export interface RegistrationChanges extends CountedDecision {
  /** The instance as it will be. */
  readonly record: InstanceValue;
  /** The instance of that service that is at the address and port already; the registration renews it. */
  readonly there: InstanceEntry | undefined;
  /** An instance of another service at that address and port, which goes. */
  readonly ousted: InstanceEntry | undefined;
  /** The instance that had the id elsewhere, which goes. */
  readonly moved: InstanceEntry | undefined;
}

/** Who registers. */
interface Registering {
  readonly token: string | undefined;
  readonly client: string | undefined;
  readonly lease: RecordLease;
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
  { token, client, lease }: Registering,
  now: { readonly nowMs: number; readonly keepMaintenanceMs: number },
): RegistrationChanges {
  const { name, address, port } = registration;
  const { nowMs } = now;
  const holder = draft.at(address, port);
  const there = holder?.record.name === name ? holder : undefined;
  const ousted = there === undefined ? holder : undefined;
  const { record, status } = recordOf(draft, registration, token, there, nowMs);
  const { id } = record;
  const moved = there === undefined ? draft.get(name, id) : undefined;
  const key = instanceKey(name, id);
  const changes: Change[] = [];
  const conditions: Condition[] = [];
  const counted: (readonly [Counted, 1 | -1])[] = [];
  if (ousted !== undefined) {
    const removal = removalOf(draft, ousted, 'replaced', nowMs);
    changes.push(...removal.changes);
    conditions.push(...removal.conditions);
    counted.push(...removal.counted);
  }
  const shown = [
    ...returnFromMaintenance(draft.statuses.wish(name, id), now),
    ...reportChanges(draft, name, id, status),
    ...(registration.checks === undefined
      ? []
      : checkChanges(draft, record, wantedOf(registration.checks), { replace: true, nowMs })),
  ];
  if (there === undefined || shown.length > 0 || !saysSame(there.record, record)) {
    const before = there ?? moved;
    // The id stays in use, so what an operator wishes for it does too.
    if (moved !== undefined) changes.push({ type: 'delete', kind: 'instance', key, reason: 'replaced' });
    changes.push(...shown, { type: 'put', kind: 'instance', key, value: record, lease });
    conditions.push(expecting(name, id, before));
    if (before !== undefined) counted.push([countOf(before), -1]);
    counted.push([countedOf(record, client ?? there?.client), 1]);
  }
  return { record, there, ousted, moved, changes, conditions, counted };
}

/** An instance that was in maintenance when it went comes back in maintenance, unless that is too long ago. */
export function returnFromMaintenance(
  wish: MaintenanceValue | undefined,
  { nowMs, keepMaintenanceMs }: { readonly nowMs: number; readonly keepMaintenanceMs: number },
): readonly Change[] {
  if (wish?.goneMs === undefined) return [];
  const { name, id, goneMs } = wish;
  const key = instanceKey(name, id);
  return nowMs - goneMs > keepMaintenanceMs
    ? [{ type: 'delete', kind: 'maintenance', key }]
    : [{ type: 'put', kind: 'maintenance', key, value: { name, id } }];
}
