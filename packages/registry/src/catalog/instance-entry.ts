import { type InstanceStatus, isReady, isServed, type ServiceInstance } from '@flotilla/contracts';
import type { Lease } from '../lease/lease-table.ts';
import type { InstanceValue } from '../record/instance.ts';
import { combinedStatus } from './instance-status.ts';
import type { Counted } from './usage.ts';

/** An instance in memory: its record, what its status is made of, and what changes without a write. */
export interface InstanceEntry {
  record: InstanceValue;
  /** Where it is. Who comes to another place is another entry, though it has the id. */
  readonly endpoint: string;
  /** The revision that made the record. */
  readonly createdRevision: number;
  /** The revision that changed the record last. */
  revision: number;
  lastSeenMs: number;
  /** Which registry counts the time of its lease. */
  owner: string;
  /** Its lease, if it is this registry that counts it. */
  lease: Lease<InstanceEntry> | undefined;
  /** Whether an operator wishes that it gets no traffic. */
  maintenance: boolean;
  /** When it came, in `workedMs` of the leases; before all else if it was loaded from the store. */
  readonly enteredMs: number;
  /** What checks say of it, all together. */
  checked: InstanceStatus;
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
  readonly record: InstanceValue;
  readonly lastSeenMs: number;
}

/** What an instance is shown as. */
export function statusOf({ maintenance, checked }: InstanceEntry): InstanceStatus {
  return combinedStatus(maintenance, checked);
}

/** Whether callers are sent to it. */
export function isEntryReady(entry: InstanceEntry): boolean {
  const { draining = false, port } = entry.record;
  return !entry.lapsed && isReady({ serving: isServed(statusOf(entry)), draining, port });
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
  const { draining = false, port, suspect_since } = record;
  const serving = isServed(status);
  const instance: ServiceInstance = {
    name: record.name,
    id: record.id,
    address: record.address,
    port,
    status,
    ready: isReady({ serving, draining, port }),
    serving,
    draining,
    ...(suspect_since === undefined ? {} : { suspect_since }),
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
