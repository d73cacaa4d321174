import { addressKind } from '@flotilla/contracts';
import { type HostAndPort, httpRegistryUrls, type RegistryUrls } from '@flotilla/contracts/registry-urls';

/** The settings that decide which address a program announces. */
export interface AddressSettings {
  readonly ADVERTISE_ADDRESS: string | undefined;
  readonly SERVER_HOST: string;
  readonly REGISTRY_URL: string;
}

/** The address to announce, or how to find it. */
export type Announcement =
  | { readonly kind: 'address'; readonly address: string }
  /** The address that this name of the machine resolves to. */
  | { readonly kind: 'look-up'; readonly name: string }
  /** The address from which the system connects to the registry. */
  | { readonly kind: 'ask'; readonly registry: HostAndPort }
  /** The settings name an address that others cannot reach. */
  | { readonly kind: 'wrong'; readonly message: string };

/** Default listen address: loopback, or all addresses if a registry on another machine will send callers here. */
export function defaultServerHost(registryUrl: string, urls: RegistryUrls): string {
  const registry = remoteRegistry(registryUrl, urls);
  if (registry === undefined) return '127.0.0.1';
  return registry.host.includes(':') ? '::' : '0.0.0.0';
}

/** Decides what to announce. If every registry is on this machine, loopback is enough: so are all callers. */
export function announcement(
  { ADVERTISE_ADDRESS, SERVER_HOST, REGISTRY_URL }: AddressSettings,
  urls: RegistryUrls = httpRegistryUrls,
): Announcement {
  const registry = remoteRegistry(REGISTRY_URL, urls);
  const listening = addressKind(SERVER_HOST);
  if (ADVERTISE_ADDRESS !== undefined) {
    if (registry === undefined || addressKind(ADVERTISE_ADDRESS) !== 'loopback')
      return { kind: 'address', address: ADVERTISE_ADDRESS };
    return { kind: 'wrong', message: unreachable('ADVERTISE_ADDRESS', ADVERTISE_ADDRESS, registry) };
  }
  if (registry === undefined)
    return { kind: 'address', address: listening === 'unspecified' ? '127.0.0.1' : SERVER_HOST };
  switch (listening) {
    case 'unspecified':
      return { kind: 'ask', registry };
    case 'loopback':
    case 'link-local':
      return { kind: 'wrong', message: unreachable('SERVER_HOST', SERVER_HOST, registry) };
    case 'name':
      return { kind: 'look-up', name: SERVER_HOST };
    case 'usable':
    case 'metadata':
    case 'multicast':
    case 'broadcast':
      return { kind: 'address', address: SERVER_HOST };
    default:
      return listening satisfies never;
  }
}

/** The first registry that is not on this machine. */
function remoteRegistry(registryUrl: string, urls: RegistryUrls): HostAndPort | undefined {
  return urls.hostsOf(registryUrl).find(({ host }) => {
    const kind = addressKind(host);
    // A connection to the unspecified address reaches this machine.
    return kind !== 'loopback' && kind !== 'unspecified';
  });
}

function unreachable(setting: string, address: string, registry: HostAndPort): string {
  const advice =
    'Set SERVER_HOST to 0.0.0.0 or to an address of this machine, or set ADVERTISE_ADDRESS to an address that others can reach.';
  return `${setting} is ${address}, but callers that use the registry at ${registry.host} cannot reach this program there. ${advice}`;
}
