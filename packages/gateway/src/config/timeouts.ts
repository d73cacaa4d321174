/** How long one proxied request may take, in milliseconds. Each route can change them. */
export interface RouteTimeouts {
  /**
   * To open a connection to an upstream. Default 1 000: within one data centre, a connection that takes longer has
   * failed.
   */
  readonly connectMs: number;
  /**
   * From the last byte of the request, when the operating system has accepted it, to the first byte of the answer.
   * Default 15 000. The operating system buffers some megabytes: a service that reads large bodies more slowly than its
   * client sends them needs more.
   */
  readonly firstByteMs: number;
  /**
   * The longest silence inside a body, in either direction. Default 30 000; a live stream must send something that
   * often.
   */
  readonly progressMs: number;
  /**
   * The whole exchange with all attempts, bodies included; 0 = no limit. Default 0: a download, upload or stream of
   * events that makes progress is healthy however long it takes, and the limits above end the rest. It starts when the
   * policies have let the request through.
   */
  readonly totalMs: number;
}

export const defaultRouteTimeouts: RouteTimeouts = {
  connectMs: 1_000,
  firstByteMs: 15_000,
  progressMs: 30_000,
  totalMs: 0,
};

/** How long the engine waits for clients and for idle connections, in milliseconds. */
export interface EngineTimeouts {
  /** For a complete request head. Default 10 000: short, because a slow head holds a connection for nothing. */
  readonly headMs: number;
  /**
   * How long a request's body may take before its minimum rate (`bodyBytesPerSecond`) applies. Default 10 000, as for a
   * head.
   */
  readonly bodyGraceMs: number;
  /** The longest silence while a request's body arrives. Default 30 000. */
  readonly bodyProgressMs: number;
  /**
   * The longest time in which a client reads nothing of its answer. Default 120 000: the operating system reports
   * progress only when a third of its send buffer is free, so a slow client seems to stand still for long.
   */
  readonly writeProgressMs: number;
  /**
   * How long a client's connection may be idle between requests. Default 75 000: load balancers in front keep theirs
   * for 60 s, and must be the first to close; otherwise they send a request into a connection that is just being
   * closed.
   */
  readonly keepAliveIdleMs: number;
  /**
   * How long an idle connection to an upstream is kept. Default 4 000: Node servers close theirs after 5 s, and the
   * gateway should be first. `Keep-Alive: timeout=…` of an upstream can shorten it.
   */
  readonly upstreamIdleMs: number;
  /**
   * How long an idle client connection is kept while the gateway drains. A request that arrives on it is still
   * answered, with `Connection: close`; closing at once would break a request that is on its way. Default 1 000.
   */
  readonly drainIdleMs: number;
  /**
   * When a body has been flowing for this long, in either direction, its exchange becomes long-lived: its upstream
   * connection is counted apart from those of plain requests. Default 5 000: most answers are complete by then.
   */
  readonly longLivedAfterMs: number;
  /** The longest silence of an upgraded connection, such as a WebSocket. Default 300 000. */
  readonly tunnelIdleMs: number;
}

export const defaultEngineTimeouts: EngineTimeouts = {
  headMs: 10_000,
  bodyGraceMs: 10_000,
  bodyProgressMs: 30_000,
  writeProgressMs: 120_000,
  keepAliveIdleMs: 75_000,
  upstreamIdleMs: 4_000,
  drainIdleMs: 1_000,
  longLivedAfterMs: 5_000,
  tunnelIdleMs: 300_000,
};
