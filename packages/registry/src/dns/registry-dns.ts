import type { Clock } from '@flotilla/contracts';
import type { Registry } from '../registry.ts';
import { DnsServer, type DnsServerOptions } from './dns-server.ts';
import { resolveQuery } from './resolve-query.ts';
import { ServiceLookup } from './service-lookup.ts';

/** How the registry serves DNS. */
export interface RegistryDnsOptions extends Pick<DnsServerOptions, 'listen' | 'onError' | 'idleMs'> {
  readonly clock: Clock;
  /** The machine that the registry runs on, for `<name>.node.consul`, and the datacenter that names may end in. */
  readonly node: { readonly name: string; readonly address: string; readonly datacenter: string };
  /** How long clients may keep an answer, or that there is none, in milliseconds. Default 0: whoever is gone is gone. */
  readonly ttlMs?: number;
}

/** Serves the registry's instances over DNS, with the names of Consul's. */
export function registryDns(registry: Registry, options: RegistryDnsOptions): DnsServer {
  const { clock, node: own, ttlMs = 0, ...server } = options;
  const services = new ServiceLookup(registry, clock);
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
