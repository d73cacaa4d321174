import { addressKind } from '@flotilla/contracts';
import { type HostAndPort, httpRegistryUrls, type RegistryUrls } from '@flotilla/contracts/registry-urls';

/** What decides under which address others are told to reach a program. */
export interface AddressSettings {
  readonly ADVERTISE_ADDRESS: string | undefined;
  readonly SERVER_HOST: string;
  readonly REGISTRY_URL: string;
}

/** How the address that is announced comes about. */
export type Announcement =
  | { readonly kind: 'address'; readonly address: string }
  /** The address this name of the machine stands for. */
  | { readonly kind: 'look-up'; readonly name: string }
  /** The address the system sends from when it speaks to the registry. */
  | { readonly kind: 'ask'; readonly registry: HostAndPort }
  /** Others could not reach what the settings say. */
  | { readonly kind: 'wrong'; readonly message: string };

/** Where to listen unless told: on loopback; on all addresses if a registry on another machine is to send callers here. */
export function defaultServerHost(registryUrl: string, urls: RegistryUrls): string {
  const registry = remoteRegistry(registryUrl, urls);
  if (registry === undefined) return '127.0.0.1';
  return registry.host.includes(':') ? '::' : '0.0.0.0';
}

/** What to announce. With every registry on this machine, loopback will do: all who ask are here. */
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

/** The first registry that is not on this machine itself. */
function remoteRegistry(registryUrl: string, urls: RegistryUrls): HostAndPort | undefined {
  return urls.hostsOf(registryUrl).find(({ host }) => {
    const kind = addressKind(host);
    // What connects to the unspecified address reaches its own machine.
    return kind !== 'loopback' && kind !== 'unspecified';
  });
}

function unreachable(setting: string, address: string, registry: HostAndPort): string {
  const advice =
    'Set SERVER_HOST to 0.0.0.0 or to an address of this machine, or ADVERTISE_ADDRESS to where others reach it.';
  return `${setting} is ${address}, where callers that ask the registry at ${registry.host} can't reach this program. ${advice}`;
}
