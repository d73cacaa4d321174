/**
 * What the engine accepts at most. Reaching one is answered (or, for connections, refused) with its name, never queued
 * without end. Counts hold for the whole gateway: each worker process has an equal share of them, at least 1.
 */
export interface EngineLimits {
  /** Client connections open at once, beside those that are long-lived. Default 10 000. */
  readonly connections: number;
  /**
   * Client connections from one client, beside those that are long-lived; a trusted proxy is exempt. Default 1 000. A
   * client is an IPv4 address or the /64 network of an IPv6 one.
   */
  readonly connectionsPerClient: number;
  /**
   * Long-lived exchanges at once: tunnels such as WebSockets, and streams of server-sent events. Default 10 000. They are
   * counted apart, so that they take nothing from plain requests.
   */
  readonly longLived: number;
  /** Long-lived exchanges of one client, who is known by `X-Forwarded-For` behind a trusted proxy. Default 1 000. */
  readonly longLivedPerClient: number;
  /** A message's head, start line included, both ways. Default 16 KiB, Node's own limit. */
  readonly headBytes: number;
  /** Header fields in a message, both ways. Default 100. */
  readonly headFields: number;
  /** The request target. Default 8 KiB; longer ones get 414. */
  readonly targetBytes: number;
  /**
   * Connections to one upstream for plain requests, idle ones included. Default 1 024: 256 for each of four workers. A
   * request beyond waits its turn for the route's `connectMs`.
   */
  readonly connectionsPerUpstream: number;
  /**
   * Connections to one upstream that are long-lived. Default 4 096. Beside tunnels and server-sent events these are
   * bodies, either way, that still flow after `longLivedAfterMs`, as far as there is room for them here.
   */
  readonly longLivedPerUpstream: number;
  /**
   * Which share of the connections to an upstream one client may hold, of either kind; 1 = all. Default one half (0.5), so that no
   * single client keeps a service from the others. Who has its share waits for its own connections to become free.
   */
  readonly clientShare: number;
  /**
   * The least rate of a request's body, in bytes per second; 0 = none. Default 240. A body that stays behind, or is silent
   * for `bodyProgressMs`, gets 408. A route can have another one.
   */
  readonly bodyBytesPerSecond: number;
  /**
   * Requests that wait for a policy, such as for the service that an `ask` asks. Default 1 000. Each holds up to 64 KiB of
   * its body meanwhile; one more is answered with 503.
   */
  readonly waiting: number;
}

export const defaultEngineLimits: EngineLimits = {
  connections: 10_000,
  connectionsPerClient: 1_000,
  longLived: 10_000,
  longLivedPerClient: 1_000,
  headBytes: 16_384,
  headFields: 100,
  targetBytes: 8_192,
  connectionsPerUpstream: 1_024,
  longLivedPerUpstream: 4_096,
  clientShare: 0.5,
  bodyBytesPerSecond: 240,
  waiting: 1_000,
};

/** The limits of one of `workers` processes that serve together. */
export function limitsOfWorker(limits: EngineLimits, workers: number): EngineLimits {
  const share = (count: number): number => Math.max(1, Math.floor(count / workers));
  return {
    ...limits,
    connections: share(limits.connections),
    connectionsPerClient: share(limits.connectionsPerClient),
    longLived: share(limits.longLived),
    longLivedPerClient: share(limits.longLivedPerClient),
    connectionsPerUpstream: share(limits.connectionsPerUpstream),
    longLivedPerUpstream: share(limits.longLivedPerUpstream),
    waiting: share(limits.waiting),
  };
}

/** The largest request body a route passes on unless it says otherwise: 10 MiB. */
export const defaultBodyLimitBytes: number = 10 * 1024 * 1024;
