import type { ServiceInstance } from '@flotilla/contracts';

/**
 * The order in which instances are tried: beginning at another one each turn, those with weight 0 last. Weights are
 * not followed further than that: calls between services are few, and spreading traffic is the gateway's work.
 */
export function orderOfAttempts(instances: readonly ServiceInstance[], turn: number): readonly ServiceInstance[] {
  const start = instances.length === 0 ? 0 : turn % instances.length;
  const rotated = [...instances.slice(start), ...instances.slice(0, start)];
  return [...rotated.filter((one) => one.weight > 0), ...rotated.filter((one) => one.weight === 0)];
}
