import type { Discovery, Endpoint, ServiceSnapshot } from '@flotilla/contracts';

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
    const sorted = instances.map((one) => toEndpoint(service, one)).sort((a, b) => (a.id < b.id ? -1 : 1));
    snapshots.set(service, { service, state: 'fresh', endpoints: sorted });
  }
  const snapshot = (service: string): ServiceSnapshot => {
    const known = snapshots.get(service) ?? { service, state: 'fresh', endpoints: [] };
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

function toEndpoint(service: string, { address, port, id, weight = 1 }: FixedInstance): Endpoint {
  return {
    id: id ?? `${service}-${address}-${port}`,
    scheme: 'http',
    address,
    port,
    weight,
    tags: [],
    metadata: {},
    zone: undefined,
    version: undefined,
  };
}
