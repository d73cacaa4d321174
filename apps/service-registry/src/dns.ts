import { durationMs, type Setting } from '@flotilla/kit/config';
import type { ProgramServer, ServerDeclaration, ServiceContext } from '@flotilla/kit/service';
import { type OwnNode, type Registry, registryDns } from '@flotilla/registry';

/** DNS is off unless a port is set: the usual one, 8600, may be that of a Consul agent on the same machine. */
export const dnsDeclaration: ServerDeclaration = {
  defaultPort: undefined,
  describe: 'UDP and TCP port for DNS, such as 8600',
};

/** The settings of DNS beside its port. */
export const dnsSettings: { readonly DNS_TTL_MS: Setting<number> } = {
  DNS_TTL_MS: durationMs({
    describe: 'How long clients may keep a DNS answer; 0: not at all',
    default: 0,
    min: 0,
    max: 86_400_000,
  }),
};

/** Serves the instances of the registry over DNS. */
export function dnsServer(
  registry: Registry,
  node: OwnNode,
  { clock, config, logger, listen }: Pick<ServiceContext<typeof dnsSettings>, 'clock' | 'config' | 'logger' | 'listen'>,
): ProgramServer {
  return registryDns(registry, {
    ...{ clock, listen, node, ttlMs: config.DNS_TTL_MS },
    onError: (error) => logger.error({ err: error }, 'DNS query failed'),
  });
}
