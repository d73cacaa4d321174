import type { ServiceInstance } from '@flotilla/contracts';

/**
 * The order in which instances are tried: beginning at another one each turn, those with weight 0 last. Weights are
 * not followed further than that: calls between services are few, and spreading traffic is the gateway's work. The only
 * instance is tried twice: the first attempt may have met a connection that was just being closed.
 */
export function orderOfAttempts(instances: readonly ServiceInstance[], turn: number): readonly ServiceInstance[] {
  const start = instances.length === 0 ? 0 : turn % instances.length;
  const rotated = [...instances.slice(start), ...instances.slice(0, start)];
  const [only] = instances;
  if (instances.length === 1 && only !== undefined) return [only, only];
  return [...rotated.filter((one) => one.weight > 0), ...rotated.filter((one) => one.weight === 0)];
}

/** Where an instance is called: `http://127.0.0.1:8001`; an IPv6 address gets its brackets. */
export function instanceUrl({ address, port }: Pick<ServiceInstance, 'address' | 'port'>): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
