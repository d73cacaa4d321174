import { AppError, type InstanceStatus } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { countedOf } from '../catalog/usage.ts';
import { type InstanceValue, instanceKey, type Origin, saysSame } from '../record/instance.ts';
import type { JsonObject } from '../record/json-object.ts';
import type { Change, RecordLease } from '../record/log-record.ts';
import { checkChanges, type WantedCheck } from './check-changes.ts';
import { type CountedDecision, countOf, type Draft } from './draft.ts';
import { returnFromMaintenance } from './registration-changes.ts';
import { expecting } from './removal.ts';
import { reportChanges } from './status-changes.ts';

/** What the API of another registry registers: an instance that is known by its name and id alone. */
export interface Announcement {
  readonly origin: Origin;
  readonly name: string;
  readonly id: string;
  readonly address: string;
  /** 0: it has none. */
  readonly port: number;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly weight: number;
  /** 0: it lives until it is deregistered. */
  readonly leaseMs: number;
  /** Undefined: as it was, at first not. */
  readonly draining?: boolean | undefined;
  /** What its process says of itself. Undefined: what it has said before, at first `passing`. */
  readonly status?: InstanceStatus | undefined;
  /** What is to be given back as it came. */
  readonly extra?: JsonObject | undefined;
  readonly checks: readonly WantedCheck[];
  /** Whether checks that it had before and that are not in `checks` go. */
  readonly replaceChecks: boolean;
}

/** What an announcement comes to. */
export interface AnnouncementChanges extends CountedDecision {
  /** The instance as it will be. */
  readonly record: InstanceValue;
  /** The instance of that name and id that is there, if it goes on. */
  readonly there: InstanceEntry | undefined;
}

/**
 * What an announcement changes; nothing if it says what is there already. An instance that our own API has registered with
 * that name and id goes as `replaced`.
 *
 * @throws {AppError} REGISTRATION_HELD if that one was registered with a token
 */
export function changesOfAnnouncement(
  draft: Draft,
  announcement: Announcement,
  { lease, client }: { readonly lease: RecordLease; readonly client: string | undefined },
  now: { readonly nowMs: number; readonly keepMaintenanceMs: number },
): AnnouncementChanges {
  const { name, id, checks, replaceChecks, status } = announcement;
  const key = instanceKey(name, id);
  const before = draft.get(name, id);
  if (before?.record.token !== undefined)
    throw new AppError('REGISTRATION_HELD', { detail: `${name}/${id} was registered with a token` });
  const there = before?.record.origin === announcement.origin ? before : undefined;
  const record = recordOf(announcement, there?.record, now.nowMs);
  const shown: Change[] = [
    ...returnFromMaintenance(draft.statuses.wish(name, id), now),
    ...(status === undefined ? [] : reportChanges(draft, name, id, status)),
    ...checkChanges(draft, { name, id }, checks, { replace: replaceChecks || there === undefined, nowMs: now.nowMs }),
  ];
  if (there !== undefined && shown.length === 0 && saysSame(there.record, record))
    return { record, there, changes: [], conditions: [], counted: [] };
  const isReplaced = before !== undefined && there === undefined;
  return {
    record,
    there,
    changes: [
      ...(isReplaced ? [{ type: 'delete', kind: 'instance', key, reason: 'replaced' } as const] : []),
      ...shown,
      { type: 'put', kind: 'instance', key, value: record, lease },
    ],
    conditions: [expecting(name, id, before)],
    counted: [
      ...(before === undefined ? [] : ([[countOf(before), -1]] as const)),
      [countedOf(record, client ?? there?.client), 1],
    ],
  };
}

function recordOf(announcement: Announcement, there: InstanceValue | undefined, nowMs: number): InstanceValue {
  const { name, id, address, port, tags, metadata, weight, leaseMs, origin, extra } = announcement;
  const draining = announcement.draining ?? there?.draining ?? false;
  const registeredAt = there?.registered_at ?? new Date(nowMs).toISOString();
  return {
    ...{ name, id, address, port, tags, metadata, weight, lease_ms: leaseMs, registered_at: registeredAt, origin },
    ...(extra === undefined ? {} : { extra }),
    ...(draining ? { draining } : {}),
  };
}
