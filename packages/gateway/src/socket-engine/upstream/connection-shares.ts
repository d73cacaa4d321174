import type { EngineLimits } from '../../config/limits.ts';

/** How many connections to one upstream this process may have. */
export interface ConnectionShares {
  readonly plain: number;
  readonly plainPerClient: number;
  readonly longLived: number;
  readonly longLivedPerClient: number;
}

/** @param limits this process's part of what is configured */
export function connectionShares(limits: EngineLimits): ConnectionShares {
  const ofClient = (count: number): number =>
    limits.clientShare === 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(count * limits.clientShare));
  return {
    plain: limits.connectionsPerUpstream,
    plainPerClient: ofClient(limits.connectionsPerUpstream),
    longLived: limits.longLivedPerUpstream,
    longLivedPerClient: ofClient(limits.longLivedPerUpstream),
  };
}
