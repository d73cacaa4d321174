import { defaultLeaseMs, type Registration } from '@flotilla/contracts';
import { defaultInstanceId } from '../catalog/endpoint.ts';
import type { InstanceRecord } from '../store/instance-store.ts';

/**
 * The record a registration asks for. What it leaves out gets its default, except what belongs to the instance that is
 * there already: its id, when it was registered first, and its status, so that an instance an operator has taken
 * out of traffic does not come back by registering again.
 */
export function recordOf(
  registration: Registration,
  present: InstanceRecord | undefined,
  nowMs: number,
): InstanceRecord {
  const { name, address, port } = registration;
  return {
    name,
    id: present?.id ?? registration.id ?? defaultInstanceId(name, address, port),
    address,
    port,
    tags: registration.tags ?? [],
    metadata: registration.metadata ?? {},
    weight: registration.weight ?? 1,
    status: registration.status ?? present?.status ?? 'passing',
    lease_ms: registration.lease_ms ?? defaultLeaseMs,
    registered_at: present?.registered_at ?? new Date(nowMs).toISOString(),
  };
}

/** Whether two records of one instance say the same, metadata in any order. */
export function sameRecord(a: InstanceRecord, b: InstanceRecord): boolean {
  return (
    a.address === b.address &&
    a.port === b.port &&
    a.status === b.status &&
    a.weight === b.weight &&
    a.lease_ms === b.lease_ms &&
    a.tags.length === b.tags.length &&
    a.tags.every((tag, index) => tag === b.tags[index]) &&
    sameMetadata(a.metadata, b.metadata)
  );
}

function sameMetadata(a: InstanceRecord['metadata'], b: InstanceRecord['metadata']): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}
