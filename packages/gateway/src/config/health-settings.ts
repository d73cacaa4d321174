/**
 * When an instance is set aside because of what it does (or leaves undone), and how the gateway finds out that it is well
 * again: by probes, requests of its own, so that no client's request is the one that finds out.
 */
export interface HealthSettings {
  /**
   * What a probe asks for. Default `/ready`, where every answer but 503 is good: a service that does not know the path
   * says 404, and lives. A path that is named here has to be answered with 2xx.
   */
  readonly path?: string;
  /**
   * Attempts in a row that end in a broken, invalid or too late answer, after which the instance is set aside. Default 3,
   * since one may be the request's own fault. An instance that takes no connection is set aside at once.
   */
  readonly failuresInARow: number;
  /**
   * How long an attempt waits for its first byte before a probe asks whether the instance is there at all, in
   * milliseconds; asked only when nobody else has had an answer from it meanwhile. Default 250: with `probeTimeoutMs`
   * it is what a frozen instance costs a caller.
   */
  readonly silenceMs: number;
  /** How long a probe may take, connecting included, in milliseconds. Default 500. */
  readonly probeTimeoutMs: number;
  /** The wait before the first probe of an instance that was set aside, in milliseconds; doubled each time. Default 250. */
  readonly firstProbeMs: number;
  /** The longest wait between two probes, in milliseconds. Default 5 000: so late is a recovery noticed at most. */
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
