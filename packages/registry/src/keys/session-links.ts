import type { ServiceCatalog } from '../catalog/service-catalog.ts';
import type { StatusRecords } from '../catalog/status-records.ts';
import type { SessionLink } from '../record/session.ts';

/** What is known of the instances that sessions depend on. */
export interface LinkedInstances {
  readonly has: (name: string, id: string) => boolean;
  /** What a check says of an instance; undefined if there is no such check. */
  readonly checked: (name: string, id: string, check: string) => string | undefined;
}

/** Why a session cannot depend on something, as a sentence; undefined if it can. */
export function brokenLink({ name, id, check }: SessionLink, instances: LinkedInstances): string | undefined {
  if (!instances.has(name, id)) return `The service ${name} has no instance ${id}`;
  if (check === undefined) return undefined;
  const status = instances.checked(name, id, check);
  if (status === undefined) return `The instance ${id} of ${name} has no check ${check}`;
  return status === 'critical' ? `The check ${check} of the instance ${id} of ${name} is critical` : undefined;
}

/** What memory knows of them. */
export function linkedInstances(memory: {
  readonly catalog: Pick<ServiceCatalog, 'get'>;
  readonly statuses: Pick<StatusRecords, 'check'>;
}): LinkedInstances {
  return {
    has: (name, id) => memory.catalog.get(name, id) !== undefined,
    checked: (name, id, check) => memory.statuses.check(check, name, id)?.value.status,
  };
}
