import { hostname, networkInterfaces } from 'node:os';
import { addressKind } from '@flotilla/contracts';
import { choice, list, type Setting, text } from '@flotilla/kit/config';
import { nodeIdOf, type OwnNode } from '@flotilla/registry';

const name = /^[^\p{Cc}\s/]{1,128}$/u;

interface ConsulConfig {
  readonly CONSUL_DATACENTER: string;
  readonly CONSUL_NODE: string;
  readonly CONSUL_NODE_ID: string | undefined;
  readonly CONSUL_NODE_ADDRESS: string | undefined;
  readonly CONSUL_NODE_META: readonly string[];
  readonly CONSUL_UNKNOWN_CHECK: '404' | '500';
}

/** What the registry is for the clients of Consul. */
export const consulSettings: { readonly [K in keyof ConsulConfig]: Setting<ConsulConfig[K]> } = {
  CONSUL_DATACENTER: text({
    describe: 'Name of the one data center that Consul clients see',
    default: 'dc1',
    pattern: /^[a-z0-9_-]{1,63}$/,
    expects: 'a name of lower-case letters, digits, "_" and "-"',
  }),
  CONSUL_NODE: text({
    describe: 'Name of the one node that Consul clients see. Unset: the host name of this machine',
    derive: () => hostname(),
    pattern: name,
    expects: 'a name of 1 to 128 characters without spaces and slashes',
    example: 'registry-1',
  }),
  CONSUL_NODE_ID: text({
    describe: 'UUID of that node. Unset: derived from its name',
    optional: true,
    pattern: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    expects: 'a UUID in lower case',
    example: '2f1b0c6a-54d8-4c1e-9a43-6d1f0a9d2c11',
  }),
  CONSUL_NODE_ADDRESS: text({
    describe: 'Address of services that register without one. Unset: SERVER_HOST, or an address of this machine',
    optional: true,
    pattern: /^[A-Za-z0-9._:-]{1,254}$/,
    expects: 'an IP address or a host name',
    example: '10.0.0.5',
  }),
  CONSUL_NODE_META: list({
    describe: 'Metadata of that node for Consul clients, as name=value',
    default: [],
    pattern: /^[A-Za-z0-9_-]{1,128}=[^,]{0,512}$/,
    expects: 'a list such as rack=a1,os=linux',
    example: 'rack=a1,os=linux',
  }),
  CONSUL_UNKNOWN_CHECK: choice(['500', '404'], {
    describe:
      'Status for a heartbeat of a check that the registry does not have. After 500 Spring Cloud Consul registers again; newer Consul servers answer 404',
    default: '500',
  }),
};

/** The node that the settings describe. */
export function ownNode(
  config: ConsulConfig & { readonly SERVER_HOST: string; readonly SERVER_PORT: number },
): OwnNode {
  return {
    name: config.CONSUL_NODE,
    id: config.CONSUL_NODE_ID ?? nodeIdOf(config.CONSUL_NODE),
    address: config.CONSUL_NODE_ADDRESS ?? addressFor(config.SERVER_HOST),
    port: config.SERVER_PORT,
    datacenter: config.CONSUL_DATACENTER,
    meta: Object.fromEntries(
      config.CONSUL_NODE_META.map((entry) => {
        const at = entry.indexOf('=');
        return [entry.slice(0, at), entry.slice(at + 1)];
      }),
    ),
  };
}

/** Where others reach what is on this machine. */
function addressFor(host: string): string {
  if (addressKind(host) !== 'unspecified') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const wanted = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  return wanted?.address ?? '127.0.0.1';
}
