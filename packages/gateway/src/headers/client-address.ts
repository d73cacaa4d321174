import { isIP } from 'node:net';
import { clientNetwork } from '@flotilla/contracts';
import { headerValues } from './header-list.ts';
import type { RequestHead } from './request-head.ts';
import { type TrustedProxies, withoutMapping } from './trusted-proxies.ts';

/**
 * The client's address: the peer's, or when the peer is a trusted proxy, the last address in `X-Forwarded-For` that
 * is not a trusted proxy itself. Anything further left was said by somebody unknown. What is no address ends the walk.
 */
export function clientAddress(head: RequestHead, trusted: TrustedProxies): string {
  let client = withoutMapping(head.remoteAddress);
  if (!trusted.trusts(client)) return client;
  const hops = headerValues(head.headers, 'x-forwarded-for').join(',').split(',');
  for (let at = hops.length - 1; at >= 0; at--) {
    const hop = bareAddress((hops[at] ?? '').trim());
    if (hop === undefined) break;
    client = hop;
    if (!trusted.trusts(hop)) break;
  }
  return client;
}

/** The client a request counts for; undefined: a trusted proxy that names none, behind which may be many. */
export function countedClient(head: RequestHead, trusted: TrustedProxies): string | undefined {
  const address = clientAddress(head, trusted);
  return trusted.trusts(address) ? undefined : clientNetwork(address);
}

/** `10.0.0.1:1234` → `10.0.0.1`, `[::1]:80` → `::1`: some proxies add the port. */
function bareAddress(text: string): string | undefined {
  if (isIP(text) !== 0) return withoutMapping(text);
  const host = text.startsWith('[') ? text.slice(1, text.indexOf(']')) : text.slice(0, text.lastIndexOf(':'));
  return isIP(host) === 0 ? undefined : withoutMapping(host);
}
