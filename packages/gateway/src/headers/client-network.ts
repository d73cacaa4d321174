import { isIPv6 } from 'node:net';
import { clientAddress } from './client-address.ts';
import type { RequestHead } from './request-head.ts';
import { type TrustedProxies, withoutMapping } from './trusted-proxies.ts';

/**
 * What counts as one client where clients are counted: an IPv4 address, or the /64 network of an IPv6 one. That is what
 * a single customer has, and with it 2^64 addresses to come from.
 */
export function clientNetwork(address: string): string {
  const plain = withoutMapping(address);
  if (!isIPv6(plain)) return plain;
  const [unzoned = ''] = plain.split('%', 1);
  const [head = '', tail] = unzoned.split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    // A dotted IPv4 part stands for two groups.
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    while (groups.length + after < 8) groups.push('0');
    groups.push(...tail.split(':'));
  }
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/** The client a request counts for; undefined: a trusted proxy that names none, behind which may be many. */
export function countedClient(head: RequestHead, trusted: TrustedProxies): string | undefined {
  const address = clientAddress(head, trusted);
  return trusted.trusts(address) ? undefined : clientNetwork(address);
}
