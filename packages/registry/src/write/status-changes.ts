import { AppError, type InstanceStatus } from '@flotilla/contracts';
import type { Change } from '../store/instance-store.ts';
import type { Draft, DraftRecord } from './draft.ts';
import { expecting } from './registration-changes.ts';

/**
 * What an operator's word on the status of an instance changes. `maintenance` is a wish that stands until another
 * word ends it; nothing the instance says of itself undoes it. What the instance is without it, its process says; only of
 * one that has no process to say it, an operator may.
 *
 * @throws {AppError} REGISTRATION_HELD
 */
export function changesOfWish(
  draft: Draft,
  present: DraftRecord,
  status: InstanceStatus,
  lastSeenMs: number,
): readonly Change[] {
  const { record } = present;
  const { name, id } = record;
  const isWished = draft.maintenance(name, id) !== undefined;
  const isOpen = record.token === undefined;
  if (status === 'maintenance')
    return isWished
      ? []
      : [
          { kind: 'maintain', name, id, goneMs: undefined },
          ...changesOfReport(present, record.status, lastSeenMs, true),
        ];
  if (!isOpen && status !== 'passing' && status !== record.status)
    throw new AppError('REGISTRATION_HELD', {
      detail: `Whether ${name}/${id} is ${status} is its process's to report; an operator may set maintenance, and end it with passing`,
    });
  const next = isOpen ? status : record.status;
  return [
    ...(isWished ? [{ kind: 'end-maintenance', name, id } as const] : []),
    ...changesOfReport(present, next, lastSeenMs, isWished),
  ];
}

/** What the process of an instance reports of it. `always`: also if it is no news, since something else of it changes. */
export function changesOfReport(
  present: DraftRecord,
  status: InstanceStatus,
  lastSeenMs: number,
  always = false,
): readonly Change[] {
  const { record } = present;
  if (record.status === status && !always) return [];
  return [{ kind: 'put', record: { ...record, status }, lastSeenMs, ...expecting(present) }];
}
