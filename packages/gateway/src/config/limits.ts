/**
 * The engine's limits. When one is reached, the request is answered (or the connection refused) with the name of the
 * limit; nothing queues without end. Counts apply to the whole gateway: each worker process has an equal share of them,
 * at least 1.
 */
export interface EngineLimits {
  /** Open client connections, not counting long-lived ones. Default 10 000. */
  readonly connections: number;
  /**
   * Open connections of one client, not counting long-lived ones; trusted proxies are exempt. Default 1 000. A client
   * is an IPv4 address or the /64 network of an IPv6 address.
   */
  readonly connectionsPerClient: number;
  /**
   * Long-lived exchanges: tunnels such as WebSockets, and streams of server-sent events. Default 10 000. They are
   * counted apart, so that they take nothing from plain requests.
   */
  readonly longLived: number;
  /** Long-lived exchanges of one client; behind a trusted proxy, `X-Forwarded-For` says who that is. Default 1 000. */
  readonly longLivedPerClient: number;
  /** The head of a message, start line included, in both directions. Default 16 KiB, Node's own limit. */
  readonly headBytes: number;
  /** Header fields in a message, in both directions. Default 100. */
  readonly headFields: number;
  /** The request target. Default 8 KiB; longer targets get 414. */
  readonly targetBytes: number;
  /**
   * Connections to one upstream for plain requests, idle ones included. Default 1 024: 256 for each of four workers.
   * When they are all in use, a request waits for at most the route's `connectMs`.
   */
  readonly connectionsPerUpstream: number;
  /**
   * Long-lived connections to one upstream. Default 4 096. Besides tunnels and server-sent events, these are bodies, in
   * either direction, that still flow after `longLivedAfterMs`, as long as there is room for them here.
   */
  readonly longLivedPerUpstream: number;
  /**
   * The share of the connections to an upstream that one client may hold, of either kind; 1 = all. Default one half
   * (0.5), so that no single client can keep a service from the others. A client that holds its share waits for its own
   * connections to become free.
   */
  readonly clientShare: number;
  /**
   * The minimum rate of a request's body, in bytes per second; 0 = none. Default 240. A body that is slower, or silent
   * for `bodyProgressMs`, gets 408. Routes can override it.
   */
  readonly bodyBytesPerSecond: number;
  /**
   * Requests waiting for a policy, such as the answer to an `ask`. Default 1 000. Each holds up to 64 KiB of its body
   * in memory; further requests get 503.
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
