const statuses: ReadonlySet<number> = new Set([405, 406, 407, 408, 411, 412, 413, 415, 416, 417, 421, 424, 426, 499]);

/**
 * Whether a status is about how the gateway asked in a call of its own. The client has no part in that: to it, the service
 * gave an answer that can't be passed on.
 */
export function isOfOurAsking(status: number): boolean {
  return statuses.has(status);
}
