import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { StatusRecords } from '../catalog/status-records.ts';
import { type CheckValue, ownReport, placeOfCheck } from '../record/check.ts';
import { type InstanceValue, placeOfInstance } from '../record/instance.ts';
import type { Change, Delete, Put } from '../record/log-record.ts';
import type { Happening } from './trail-note.ts';

/** What there was before a write, as its changes are decided by. */
export interface Before {
  readonly get: (name: string, id: string) => InstanceEntry | undefined;
  readonly statuses: Pick<StatusRecords, 'check' | 'isWished'>;
}

/** The most characters of a check's output that the trail keeps. */
const maxOutput = 512;

/** What the changes of one write come to, for people: what only keeps records to their rules is no news. */
export function happeningsOf(changes: readonly Change[], before: Before): readonly Happening[] {
  const removed = new Set<string>();
  for (const change of changes) if (change.type === 'delete' && change.kind === 'instance') removed.add(change.key);
  return changes.flatMap((change): readonly Happening[] => {
    switch (change.type) {
      case 'put':
        return ofPut(change, before, removed);
      case 'delete':
        return ofDelete(change, before, removed);
      case 'delete-range':
        return [{ what: 'keys-deleted', from: change.from, ...(change.to === undefined ? {} : { to: change.to }) }];
      default:
        return change satisfies never;
    }
  });
}

function ofPut(put: Put, before: Before, removed: ReadonlySet<string>): readonly Happening[] {
  switch (put.kind) {
    case 'instance': {
      const [name, id] = placeOfInstance(put.key);
      return ofInstance(removed.has(put.key) ? undefined : before.get(name, id)?.record, put.value);
    }
    case 'maintenance': {
      const { name, id, goneMs } = put.value;
      // That its instance has gone, or is back, is told by the instance.
      return goneMs !== undefined || before.statuses.isWished(name, id)
        ? []
        : [{ what: 'maintenance', service: name, id }];
    }
    case 'check':
      return ofCheck(before.statuses.check(put.value.check, put.value.name, put.value.id)?.value, put.value);
    case 'node':
      return [{ what: 'node-changed', node: put.key }];
    case 'key':
      return [{ what: 'key-written', key: put.key }];
    case 'session':
      return [{ what: 'session-created', session: put.key }];
    default:
      return put satisfies never;
  }
}

function ofInstance(old: InstanceValue | undefined, now: InstanceValue): readonly Happening[] {
  const about = { service: now.name, id: now.id };
  if (old === now) return [];
  if (old === undefined) return [{ what: 'added', ...about, address: now.address, port: now.port }];
  const happened: Happening[] = [];
  const changed = changedParts(old, now);
  if (changed.length > 0) happened.push({ what: 'changed', ...about, changed });
  if (old.draining !== now.draining)
    happened.push({ what: now.draining === true ? 'draining' : 'draining-ended', ...about });
  if (old.suspect_since !== now.suspect_since)
    happened.push({ what: now.suspect_since === undefined ? 'suspect-ended' : 'suspect', ...about });
  return happened;
}

function changedParts(old: InstanceValue, now: InstanceValue): readonly string[] {
  const parts = ['address', 'port', 'weight', 'lease_ms'].filter(
    (part) => old[part as 'port'] !== now[part as 'port'], // All of them are fields that can be compared so.
  );
  if (!isSame(old.tags, now.tags)) parts.push('tags');
  if (!isSame(old.metadata, now.metadata)) parts.push('metadata');
  if (!isSame(old.extra, now.extra)) parts.push('extra');
  if (old.origin !== now.origin) parts.push('origin');
  if (old.token !== now.token) parts.push('process');
  return parts;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function ofCheck(old: CheckValue | undefined, now: CheckValue): readonly Happening[] {
  const about = { service: now.name, id: now.id, check: now.check };
  const happened: Happening[] = [];
  if (old === undefined && now.check !== ownReport) happened.push({ what: 'check-added', ...about });
  else if (old !== undefined && !isSame(old.definition, now.definition))
    happened.push({ what: 'check-changed', ...about });
  const from = old?.status ?? 'passing';
  if (from !== now.status) {
    const output = now.output?.slice(0, maxOutput);
    happened.push({ what: 'status', ...about, from, to: now.status, ...(output === undefined ? {} : { output }) });
  }
  return happened;
}

function ofDelete(
  { kind, key, reason = 'deregistered' }: Delete,
  before: Before,
  removed: ReadonlySet<string>,
): readonly Happening[] {
  switch (kind) {
    case 'instance': {
      const [service, id] = placeOfInstance(key);
      const entry = before.get(service, id);
      if (entry === undefined) return [];
      const { address, port } = entry.record;
      const last_seen = new Date(entry.lastSeenMs).toISOString();
      return [{ what: 'removed', service, id, address, port, reason, last_seen }];
    }
    case 'maintenance': {
      const [service, id] = placeOfInstance(key);
      return before.statuses.isWished(service, id) ? [{ what: 'maintenance-ended', service, id }] : [];
    }
    case 'check': {
      const [instance, check] = placeOfCheck(key);
      const [service, id] = placeOfInstance(instance);
      const old = before.statuses.check(check, service, id)?.value;
      if (old === undefined || removed.has(instance)) return [];
      if (check !== ownReport) return [{ what: 'check-removed', service, id, check }];
      return old.status === 'passing' ? [] : [{ what: 'status', service, id, check, from: old.status, to: 'passing' }];
    }
    case 'node':
      return [{ what: 'node-removed', node: key }];
    case 'key':
      return [{ what: 'key-deleted', key }];
    case 'session':
      return [{ what: 'session-ended', session: key }];
    default:
      return kind satisfies never;
  }
}
