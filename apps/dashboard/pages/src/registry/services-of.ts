import type { InstanceStatus, ServiceInstance } from '@flotilla/contracts';

/** A service with its instances. */
export interface ServiceRow {
  readonly name: string;
  readonly instances: readonly ServiceInstance[];
  /** How many get new work. */
  readonly ready: number;
  readonly worst: InstanceStatus;
  /** Those of all instances. */
  readonly tags: readonly string[];
}

const severity: readonly InstanceStatus[] = ['passing', 'maintenance', 'warning', 'critical'];

/** Instances by service, in the order of the names. */
export function servicesOf(instances: readonly ServiceInstance[]): readonly ServiceRow[] {
  const byName = Map.groupBy(instances, ({ name }) => name);
  return [...byName]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, own]) => ({
      name,
      instances: own,
      ready: own.filter(({ ready }) => ready).length,
      worst: own.map(({ status }) => status).reduce((worst, each) => (isWorse(each, worst) ? each : worst), 'passing'),
      tags: [...new Set(own.flatMap(({ tags }) => tags))].sort(),
    }));
}

function isWorse(one: InstanceStatus, other: InstanceStatus): boolean {
  return severity.indexOf(one) > severity.indexOf(other);
}
