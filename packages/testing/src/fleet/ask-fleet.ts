/** Somebody who is announced under a service's name. */
export interface Announced {
  readonly url: string;
}

/** So long that nobody has to renew it while a test runs: the longest that the registry takes. */
const leaseMs = 86_400_000;

/** Has the registry send callers of `name` to a URL, until it is told otherwise or ends. */
export async function announce(registryUrl: string, name: string, { url }: Announced): Promise<void> {
  const { hostname, port } = new URL(url);
  const answer = await fetch(`${registryUrl}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, address: hostname, port: Number(port), lease_ms: leaseMs }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`The registry does not take ${name} at ${url}: ${answer.status} ${said}`);
}

/** How many instances of a service the registry sends callers to. */
export async function countServed(registryUrl: string, name: string): Promise<number> {
  const answer = await fetch(`${registryUrl}/services/${name}/instances?served=true`);
  const instances: unknown = await answer.json();
  return Array.isArray(instances) ? instances.length : 0;
}

/**
 * To how many instances of each service of its routes the gateway sends requests; undefined when it does not tell, because
 * its metrics are at a port for operators.
 */
export async function countUpstreams(gatewayUrl: string): Promise<ReadonlyMap<string, number> | undefined> {
  const answer = await fetch(`${gatewayUrl}/metrics`);
  const text = await answer.text();
  if (!answer.ok) return undefined;
  const counts = new Map<string, number>();
  for (const [, labels = '', value] of text.matchAll(/^gateway_upstreams\{([^}]*)\} (\d+)/gm)) {
    const service = /service="([^"]*)"/.exec(labels)?.[1];
    if (service !== undefined && labels.includes('state="available"')) counts.set(service, Number(value));
  }
  return counts;
}
