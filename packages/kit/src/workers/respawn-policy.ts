/** How the primary replaces workers that die. Milliseconds. */
export interface RespawnPolicy {
  /** The delay before the second replacement in a row; each further one doubles it. The first is immediate. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A worker that has served this long was healthy: its death counts as the first again. */
  readonly healthyAfterMs: number;
}

/** A killed worker is replaced at once; one that keeps dying must not keep the machine busy. */
export const defaultRespawnPolicy: RespawnPolicy = {
  firstDelayMs: 100,
  longestDelayMs: 10_000,
  healthyAfterMs: 3_000,
};

/** How long to wait before a replacement. `deaths`: the number of deaths in a row before this one. */
export function respawnDelayMs(deaths: number, policy: RespawnPolicy): number {
  if (deaths === 0) return 0;
  // 2 ** 30 exceeds any maximum delay: the exponent is bounded so that the result cannot become infinite.
  return Math.min(policy.firstDelayMs * 2 ** Math.min(deaths - 1, 30), policy.longestDelayMs);
}
