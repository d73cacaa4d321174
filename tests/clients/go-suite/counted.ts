import { namesOf } from './run-suite.ts';
import type { BuiltSuite } from './suite-build.ts';

/**
 * What the tests are about that do not count: access control lists and their tokens, the service mesh ("Connect", with
 * proxies, gateways, intentions, configuration entries and peerings), and operating a cluster of Consul servers.
 */
const notCounted =
  /ACL|AuthMethod|Token|Connect|CARoots|CALeaf|ConfigEntr|Gateway|Ingress|Intention|Sidecar|Proxy|Expose|Peering|DiscoveryChain|Exported|VirtualIP|ValidateRoute|Operator/;

/** The tests that count, by name. */
export async function countedTests(suite: BuiltSuite): Promise<readonly string[]> {
  return (await namesOf(suite)).filter((name) => !notCounted.test(name));
}
