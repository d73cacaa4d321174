import { type InstanceStatus, isServed, type ServiceInstance } from '@flotilla/contracts';
import type { Lease } from '../lease/lease-table.ts';
import type { InstanceRecord } from '../store/instance-store.ts';
import type { Counted } from './usage.ts';

/** An instance in memory: its record, and what changes without a write. */
export interface InstanceEntry {
  record: InstanceRecord;
  revision: number;
  lastSeenMs: number;
  /** Set right after the entry is made; only then is it in the catalog. */
  lease: Lease<InstanceEntry> | undefined;
  /** Whether an operator wishes that it gets no traffic. */
  maintenance: boolean;
  /** Its lease has run out, but that could not be stored yet: it is not shown to anybody. */
  lapsed: boolean;
  /** Who registered it; after a restart not known until it gives a sign of life. */
  client: string | undefined;
  /** Owned by the catalog: what it counts as while it is in. */
  counted?: Counted;
  /** Owned by `showInstance`. */
  shown?: Shown;
}

/** What an instance was last shown as, and what that was made of. */
interface Shown {
  readonly instance: ServiceInstance;
  readonly record: InstanceRecord;
  readonly lastSeenMs: number;
}

/** What an instance is shown as: what an operator wishes goes before what the instance says of itself. */
export function statusOf({ maintenance, record }: InstanceEntry): InstanceStatus {
  return maintenance ? 'maintenance' : record.status;
}

/** Whether callers are sent to it. */
export function isEntryServed(entry: InstanceEntry): boolean {
  return !entry.lapsed && isServed(statusOf(entry));
}

/**
 * The instance as it is shown, name, address, port and sign of life first as readers expect them. The same object for all
 * who read it until something of it changes, so that its text, too, is made once for all of them.
 */
export function showInstance(entry: InstanceEntry): ServiceInstance {
  const { record, revision, lastSeenMs, shown } = entry;
  const status = statusOf(entry);
  if (
    shown?.record === record &&
    shown.lastSeenMs === lastSeenMs &&
    shown.instance.revision === revision &&
    shown.instance.status === status
  )
    return shown.instance;
  const instance: ServiceInstance = {
    name: record.name,
    id: record.id,
    address: record.address,
    port: record.port,
    status,
    weight: record.weight,
    tags: record.tags,
    metadata: record.metadata,
    lease_ms: record.lease_ms,
    last_seen: new Date(lastSeenMs).toISOString(),
    registered_at: record.registered_at,
    revision,
  };
  entry.shown = { instance, record, lastSeenMs };
  return instance;
}
