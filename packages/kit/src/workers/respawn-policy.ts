/** How patient the primary is with a worker that dies. Milliseconds. */
export interface RespawnPolicy {
  /** The wait before the second replacement in a row; each further one doubles it. The first is at once. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A worker that has served this long was healthy: its death is the first again. */
  readonly healthyAfterMs: number;
}

/** A killed worker is replaced at once; one that keeps dying is not allowed to keep the machine busy. */
export const defaultRespawnPolicy: RespawnPolicy = {
  firstDelayMs: 100,
  longestDelayMs: 10_000,
  healthyAfterMs: 3_000,
};

/** How long to wait with a replacement. `deaths`: those in a row before this one. */
export function respawnDelayMs(deaths: number, policy: RespawnPolicy): number {
  if (deaths === 0) return 0;
  // 2 ** 30 is more than any longest delay: the exponent is bounded so that it can't become infinite.
  return Math.min(policy.firstDelayMs * 2 ** Math.min(deaths - 1, 30), policy.longestDelayMs);
}
