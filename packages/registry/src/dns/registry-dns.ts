import type { Clock } from '@flotilla/contracts';
import type { Registry } from '../registry.ts';
import { zone } from './dns-name.ts';
import { DnsServer, type DnsServerOptions } from './dns-server.ts';
import { resolveQuery } from './resolve-query.ts';
import { type Endpoint, endpointAt, ServiceLookup } from './service-lookup.ts';

/** How the registry serves DNS. */
export interface RegistryDnsOptions extends Pick<DnsServerOptions, 'listen' | 'onError' | 'idleMs'> {
  readonly clock: Clock;
  /** The machine that the registry runs on, for `<name>.node.consul`, and the datacenter that names may end in. */
  readonly node: {
    readonly name: string;
    readonly address: string;
    /** Where the registry itself is, for `consul.service.consul`. */
    readonly port: number;
    readonly datacenter: string;
  };
  /** How long clients may keep an answer, or that there is none, in milliseconds. Default 0: an instance that is gone gets no more requests. */
  readonly ttlMs?: number;
}

/** Serves the registry's instances over DNS, with the names of Consul's. */
export function registryDns(registry: Registry, options: RegistryDnsOptions): DnsServer {
  const { clock, node: own, ttlMs = 0, ...server } = options;
  const lookup = new ServiceLookup(registry, clock);
  const itself: Endpoint = { ...endpointAt(own.address), port: own.port, weight: 1, tags: new Set() };
  // Consul's own servers are a service like others; here that is this registry.
  const services = {
    endpoints: (service: string) => lookup.endpoints(service) ?? (service === zone ? [itself] : undefined),
  };
  const addressOfNode = (name: string): string | undefined =>
    name === own.name.toLowerCase()
      ? own.address
      : registry.nodes.all().find(({ value }) => value.node.toLowerCase() === name)?.value.address;
  return new DnsServer({
    ...server,
    clock,
    resolve: (query) =>
      resolveQuery(query, {
        services,
        node: (name) => addressOfNode(name) || undefined,
        ownAddress: own.address,
        datacenter: own.datacenter,
        ttlSeconds: Math.floor(ttlMs / 1_000),
        serial: () => registry.revision,
        random: () => Math.random(),
      }),
  });
}
