import type { RemovalReason } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { checkKey } from '../record/check.ts';
import { instanceKey } from '../record/instance.ts';
import type { Change } from '../record/log-record.ts';
import type { Condition } from '../store/record-store.ts';
import { type CountedDecision, countOf, type Draft } from './draft.ts';

/** Removes an instance and what checks say of it; what an operator wishes for it waits for its return. */
export function removalOf(draft: Draft, present: InstanceEntry, reason: RemovalReason, nowMs: number): CountedDecision {
  const { name, id } = present.record;
  const key = instanceKey(name, id);
  const changes: Change[] = [];
  const wish = draft.statuses.wish(name, id);
  if (wish !== undefined)
    changes.push({ type: 'put', kind: 'maintenance', key, value: { name, id, goneMs: wish.goneMs ?? nowMs } });
  for (const check of draft.statuses.checksOf(name, id).keys())
    changes.push({ type: 'delete', kind: 'check', key: checkKey(name, id, check) });
  changes.push({ type: 'delete', kind: 'instance', key, reason });
  return { changes, conditions: [expecting(name, id, present)], counted: [[countOf(present), -1]] };
}

/** The condition that an instance is as it was read. Its record is written anew with all that it is shown as. */
export function expecting(name: string, id: string, present: InstanceEntry | undefined): Condition {
  return { kind: 'instance', key: instanceKey(name, id), revision: present?.revision ?? 0 };
}
