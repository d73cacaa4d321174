/** How long one proxied request may take, in milliseconds. Each route can change them. */
export interface RouteTimeouts {
  /** To open a connection to an upstream. Default 1 000: within one data centre a connect that takes longer has failed. */
  readonly connectMs: number;
  /**
   * From the request's last byte, when the system has taken it, to the answer's first byte. Default 15 000. The system
   * buffers some megabytes: a service that takes large bodies slower than its client sends them needs more.
   */
  readonly firstByteMs: number;
  /** The longest silence inside a body, either way. Default 30 000; a live stream must send something that often. */
  readonly progressMs: number;
  /**
   * The whole exchange with all its attempts, bodies included; 0 = no limit. Default 0: a download, upload or stream of
   * events that makes progress is healthy however long it takes, and the limits above end what makes none. It begins when
   * the policies have let the request through.
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
  /** How long a request's body may take before its rate counts: `bodyBytesPerSecond`. Default 10 000, as for a head. */
  readonly bodyGraceMs: number;
  /** The longest silence while a request's body arrives. Default 30 000. */
  readonly bodyProgressMs: number;
  /**
   * The longest time in which a client takes nothing of its answer. Default 120 000: the system tells of what was taken
   * only when a third of its send buffer is free, so a slow client seems to stand still for long.
   */
  readonly writeProgressMs: number;
  /**
   * How long a client's connection may wait for its next request. Default 75 000: balancers in front keep theirs for 60 s,
   * and who closes first must be them, or they send a request into a connection that is just being closed.
   */
  readonly keepAliveIdleMs: number;
  /**
   * How long an idle connection to an upstream is kept. Default 4 000: below the 5 s after which a Node server closes,
   * so that the gateway closes first. An upstream that says `Keep-Alive: timeout=…` overrides it downwards.
   */
  readonly upstreamIdleMs: number;
  /**
   * How long an idle client connection is kept once the gateway drains. A request that comes on it is still answered,
   * with `Connection: close`; closing at once would break a request that is on its way. Default 1 000.
   */
  readonly drainIdleMs: number;
  /**
   * After this time a body that still flows, either way, makes its exchange long-lived: its connection to the upstream is
   * counted apart from those of plain requests. Default 5 000, in which most answers are over.
   */
  readonly longLivedAfterMs: number;
  /** The longest silence of a connection that was upgraded, such as a WebSocket. Default 300 000. */
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
