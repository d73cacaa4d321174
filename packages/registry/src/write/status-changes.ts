import { AppError, type InstanceStatus } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { checkKey, ownReport } from '../record/check.ts';
import { instanceKey } from '../record/instance.ts';
import type { Change, Put } from '../record/log-record.ts';
import type { Decision, Draft } from './draft.ts';
import { expecting } from './removal.ts';

/**
 * What an operator's word on the status of an instance changes. `maintenance` is a wish that stands until another
 * word ends it; nothing the instance says of itself undoes it. What the instance is without it, its process says; only of
 * one that has no process to say it, an operator may.
 *
 * @throws {AppError} REGISTRATION_HELD
 */
export function changesOfWish(draft: Draft, present: InstanceEntry, status: InstanceStatus, reason?: string): Decision {
  const { name, id, token } = present.record;
  const key = instanceKey(name, id);
  const wish = draft.statuses.wish(name, id);
  const isWished = wish !== undefined;
  const reported = draft.statuses.checkedBy(ownReport, name, id);
  if (status === 'maintenance')
    return shownAnew(
      present,
      isWished && (reason === undefined || wish.reason === reason)
        ? []
        : [{ type: 'put', kind: 'maintenance', key, value: { name, id, ...(reason === undefined ? {} : { reason }) } }],
    );
  const isOpen = token === undefined;
  if (!isOpen && status !== 'passing' && status !== reported)
    throw new AppError('REGISTRATION_HELD', {
      detail: `Only the process of ${name}/${id} reports whether it is ${status}; an operator may set maintenance, and end it with passing`,
    });
  return shownAnew(present, [
    ...(isWished ? [{ type: 'delete', kind: 'maintenance', key } as const] : []),
    ...reportChanges(draft, name, id, isOpen ? status : reported),
  ]);
}

/** What the process of an instance reports of it. */
export function changesOfReport(draft: Draft, present: InstanceEntry, status: InstanceStatus): Decision {
  const { name, id } = present.record;
  return shownAnew(present, reportChanges(draft, name, id, status));
}

/** What changes if an instance is to get no new work, or again: its process or an operator says so. */
export function changesOfDraining(present: InstanceEntry, isDraining: boolean): Decision {
  const { name, id } = present.record;
  if ((present.record.draining ?? false) === isDraining) return { changes: [], conditions: [] };
  const put = samePut(present);
  const { draining: _, ...rest } = present.record;
  const value = isDraining ? { ...rest, draining: isDraining } : rest;
  return { changes: [{ ...put, value }], conditions: [expecting(name, id, present)] };
}

/** What changes if the process of an instance reports `status`. */
export function reportChanges(draft: Draft, name: string, id: string, status: InstanceStatus): readonly Change[] {
  if (draft.statuses.checkedBy(ownReport, name, id) === status) return [];
  const key = checkKey(name, id, ownReport);
  return status === 'passing'
    ? [{ type: 'delete', kind: 'check', key }]
    : [{ type: 'put', kind: 'check', key, value: { name, id, check: ownReport, status } }];
}

/**
 * With what an instance is shown as its record is written anew, though it says the same: so its revision is that of all
 * that is shown.
 */
export function shownAnew(present: InstanceEntry, changes: readonly Change[]): Decision {
  const { name, id } = present.record;
  if (changes.length === 0) return { changes, conditions: [] };
  return { changes: [...changes, samePut(present)], conditions: [expecting(name, id, present)] };
}

/** An instance's record is written. */
export type InstancePut = Extract<Put, { kind: 'instance' }>;

/** Writes an instance as it is, but that `owner` may be another one that counts the time of its lease. */
export function samePut({ record, owner: present, lastSeenMs }: InstanceEntry, owner: string = present): InstancePut {
  const key = instanceKey(record.name, record.id);
  return { type: 'put', kind: 'instance', key, value: record, lease: { owner, seenMs: lastSeenMs } };
}
