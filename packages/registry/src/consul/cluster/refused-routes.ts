import type { ConsulApi } from '../base/consul-api.ts';
import { Refusal } from '../base/refusal.ts';

/** What there is none of here, and in which words clients are told so: Consul's own, where it can be without it as well. */
const refused: readonly (readonly [path: string, status: number, text: string])[] = [
  ['/acl/*', 401, 'ACL support disabled'],
  ['/agent/token/*', 401, 'ACL support disabled'],
  ['/agent/connect/*', 501, 'Connect must be enabled in order to use this endpoint'],
  ['/connect/*', 501, 'Connect must be enabled in order to use this endpoint'],
  ['/config', 501, 'This registry has no config entries: it has no service mesh'],
  ['/config/*', 501, 'This registry has no config entries: it has no service mesh'],
  ['/discovery-chain/*', 501, 'This registry has no discovery chains: it has no service mesh'],
  ['/operator/*', 501, 'This registry has no operator API: it is one process. See /health, /ready and /metrics'],
  ['/query', 501, 'This registry has no prepared queries. Use /v1/health/service/<name>?passing'],
  ['/query/*', 501, 'This registry has no prepared queries. Use /v1/health/service/<name>?passing'],
  ['/snapshot', 501, 'This registry has no snapshot API. Copy its database file, as described in its documentation'],
  ['/agent/monitor', 501, 'This registry does not stream its log. It writes it to its standard output'],
  ['/peering', 501, 'This registry has no peerings'],
  ['/peering/*', 501, 'This registry has no peerings'],
  ['/peerings', 501, 'This registry has no peerings'],
];

/** Refuses what belongs to a cluster of Consul's servers or to its mesh, so that clients see why, and do not look for a typo. */
export function refusedRoutes(api: ConsulApi): void {
  for (const [path, status, text] of refused) {
    const refuse = (): never => {
      throw new Refusal(status, text);
    };
    api.get(path, refuse);
    api.put(path, refuse);
    api.delete(path, refuse);
  }
}
