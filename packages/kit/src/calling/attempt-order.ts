import { authorityOf, type Endpoint } from '@flotilla/contracts';

/**
 * The order in which to try endpoints: each call starts at the next one, and those with weight 0 come last. Weights have no
 * other effect: calls between services are few, and spreading traffic is the gateway's job. A single endpoint is tried
 * twice: the first attempt may have used a connection that was just being closed.
 */
export function orderOfAttempts(endpoints: readonly Endpoint[], turn: number): readonly Endpoint[] {
  const start = endpoints.length === 0 ? 0 : turn % endpoints.length;
  const rotated = [...endpoints.slice(start), ...endpoints.slice(0, start)];
  const [only] = endpoints;
  if (endpoints.length === 1 && only !== undefined) return [only, only];
  return [...rotated.filter((one) => one.weight > 0), ...rotated.filter((one) => one.weight === 0)];
}

/** The URL of an endpoint: `http://127.0.0.1:8001`; an IPv6 address gets brackets. */
export function endpointUrl(endpoint: Pick<Endpoint, 'scheme' | 'address' | 'port'>): string {
  return `${endpoint.scheme}://${authorityOf(endpoint)}`;
}
