/**
 * When an instance is set aside because of what it does or fails to do, and how the gateway finds out that it has
 * recovered: with probes, requests of its own, so that no client's request has to find out.
 */
export interface HealthSettings {
  /**
   * The path that a probe asks for. Default `/ready`, where every answer except 503 is good: a service that does not
   * know the path answers 404, and is alive. A path that you set here must be answered with 2xx.
   */
  readonly path?: string;
  /**
   * After how many consecutive attempts with a broken, invalid or late answer the instance is set aside. Default 3,
   * since one may be the request's own fault. An instance that accepts no connection is set aside at once.
   */
  readonly failuresInARow: number;
  /**
   * How long an attempt waits for its first byte before a probe checks whether the instance is alive, in milliseconds;
   * only if no other request has had an answer from it meanwhile. Default 250: together with `probeTimeoutMs`, this is
   * what a frozen instance costs a caller.
   */
  readonly silenceMs: number;
  /** How long a probe may take, connecting included, in milliseconds. Default 500. */
  readonly probeTimeoutMs: number;
  /**
   * The wait before the first probe of an instance that was set aside, in milliseconds; it doubles each time. Default
   * 250.
   */
  readonly firstProbeMs: number;
  /** The longest wait between two probes, in milliseconds. Default 5 000: recovery is noticed within this time. */
  readonly longestProbeMs: number;
}

export const defaultHealthSettings: HealthSettings = {
  failuresInARow: 3,
  silenceMs: 250,
  probeTimeoutMs: 500,
  firstProbeMs: 250,
  longestProbeMs: 5_000,
};

/** What probes ask for unless a service's settings name another path. */
export const defaultProbePath = '/ready';
