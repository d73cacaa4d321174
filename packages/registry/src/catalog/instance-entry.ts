import { isServed, type ServiceInstance } from '@flotilla/contracts';
import type { Lease } from '../lease/lease-table.ts';
import type { InstanceRecord } from '../store/instance-store.ts';

/** An instance in memory: its record, and what changes without a write. */
export interface InstanceEntry {
  record: InstanceRecord;
  revision: number;
  lastSeenMs: number;
  /** Set right after the entry is made; only then is it in the catalog. */
  lease: Lease<InstanceEntry> | undefined;
  /** Owned by the weighted rotation. */
  credit: number;
}

/** Whether callers are sent to it. */
export function isEntryServed(entry: InstanceEntry): boolean {
  return isServed(entry.record.status);
}

/** The instance as it is shown, name, address, port and sign of life first as readers expect them. */
export function showInstance(entry: InstanceEntry): ServiceInstance {
  const { record } = entry;
  return {
    name: record.name,
    id: record.id,
    address: record.address,
    port: record.port,
    status: record.status,
    weight: record.weight,
    tags: record.tags,
    metadata: record.metadata,
    lease_ms: record.lease_ms,
    last_seen: new Date(entry.lastSeenMs).toISOString(),
    registered_at: record.registered_at,
    revision: entry.revision,
  };
}
