import { clientNetwork } from '@flotilla/contracts';
import { clientAddress } from './client-address.ts';
import type { RequestHead } from './request-head.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

/** The client a request counts for; undefined: a trusted proxy that names none, behind which may be many. */
export function countedClient(head: RequestHead, trusted: TrustedProxies): string | undefined {
  const address = clientAddress(head, trusted);
  return trusted.trusts(address) ? undefined : clientNetwork(address);
}
