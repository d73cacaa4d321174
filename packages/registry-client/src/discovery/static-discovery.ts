import type { Discovery, ServiceInstance, ServiceSnapshot } from '@flotilla/contracts';

/** Where one instance of a fixed list listens. */
export interface FixedInstance {
  readonly address: string;
  readonly port: number;
  /** Default `<service>-<address>-<port>`. */
  readonly id?: string;
  /** Default 1; see `Registration.weight`. */
  readonly weight?: number;
}

/**
 * A discovery over a list that never changes, for tests and for fleets that run without a registry. A service that is
 * not in the list is known to have no instance.
 */
export function staticDiscovery(services: Readonly<Record<string, readonly FixedInstance[]>>): Discovery {
  const snapshots = new Map<string, ServiceSnapshot>();
  for (const [service, instances] of Object.entries(services)) {
    const sorted = instances.map((one) => toInstance(service, one)).sort((a, b) => (a.id < b.id ? -1 : 1));
    snapshots.set(service, { service, state: 'fresh', revision: 0, instances: sorted });
  }
  const snapshot = (service: string): ServiceSnapshot => {
    const known = snapshots.get(service) ?? { service, state: 'fresh', revision: 0, instances: [] };
    snapshots.set(service, known);
    return known;
  };
  return {
    snapshot,
    watch(service, listener) {
      listener(snapshot(service));
      return () => {};
    },
    whenKnown: async (service) => snapshot(service),
    close: async () => {},
  };
}

function toInstance(name: string, fixed: FixedInstance): ServiceInstance {
  return {
    name,
    id: fixed.id ?? `${name}-${fixed.address}-${fixed.port}`,
    address: fixed.address,
    port: fixed.port,
    tags: [],
    metadata: {},
    weight: fixed.weight ?? 1,
    status: 'passing',
    lease_ms: 0,
    last_seen: '1970-01-01T00:00:00.000Z',
    registered_at: '1970-01-01T00:00:00.000Z',
    revision: 0,
  };
}
