import type { NetworkInterfaceInfo } from 'node:os';

/** The machine's network interfaces, as `os.networkInterfaces()` gives them. */
export type NetworkInterfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * The address other machines can reach this one at. With a registry on this machine that is loopback: everything is
 * here, and loopback works without a network. Otherwise the first IPv4 address that is not internal. Of several
 * addresses of the registry, separated by commas, the first decides.
 */
export function advertiseAddress(registryUrl: string, interfaces: NetworkInterfaces): string {
  const loopback = '127.0.0.1';
  const [first = registryUrl] = registryUrl.split(',');
  if (isLoopback(new URL(first).hostname)) return loopback;
  for (const addresses of Object.values(interfaces))
    for (const { family, internal, address } of addresses ?? []) if (family === 'IPv4' && !internal) return address;
  return loopback;
}

/** Whether a URL's host is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
