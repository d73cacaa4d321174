/** A URL to register as an instance of a service. */
export interface Announced {
  readonly url: string;
}

/** The longest lease the registry accepts, so that nothing has to renew it during a test. */
const leaseMs = 86_400_000;

/** Registers a URL as an instance of `name`. */
export async function announce(registryUrl: string, name: string, { url }: Announced): Promise<void> {
  const { hostname, port } = new URL(url);
  const answer = await fetch(`${registryUrl}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, address: hostname, port: Number(port), lease_ms: leaseMs }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`The registry refused ${name} at ${url}: ${answer.status} ${said}`);
}

/** The number of instances of a service that the registry gives to callers. */
export async function countServed(registryUrl: string, name: string): Promise<number> {
  const answer = await fetch(`${registryUrl}/services/${name}/instances?served=true`);
  const instances: unknown = await answer.json();
  return Array.isArray(instances) ? instances.length : 0;
}

/** The instances of a service that a gateway knows. */
export interface KnownUpstreams {
  readonly all: number;
  /** Those that get requests; the others are set aside until a probe passes. */
  readonly available: number;
}

/** The instances of each service in the gateway's routes; undefined if the gateway serves its metrics on `ADMIN_PORT`. */
export async function countUpstreams(gatewayUrl: string): Promise<ReadonlyMap<string, KnownUpstreams> | undefined> {
  const answer = await fetch(`${gatewayUrl}/metrics`);
  const text = await answer.text();
  if (!answer.ok) return undefined;
  const counts = new Map<string, KnownUpstreams>();
  for (const [, labels = '', value] of text.matchAll(/^gateway_upstreams\{([^}]*)\} (\d+)/gm)) {
    const service = /service="([^"]*)"/.exec(labels)?.[1];
    if (service === undefined) continue;
    const { all, available } = counts.get(service) ?? { all: 0, available: 0 };
    const isAvailable = labels.includes('state="available"');
    counts.set(service, { all: all + Number(value), available: available + (isAvailable ? Number(value) : 0) });
  }
  return counts;
}
