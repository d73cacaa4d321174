/**
 * What the engine accepts at most. Reaching one is answered (or, for connections, refused), never queued without end.
 * Each worker process counts for itself.
 */
export interface EngineLimits {
  /** Client connections open at once. Default 10 000. */
  readonly connections: number;
  /** Client connections from one address; a trusted proxy is exempt. Default 1 000. */
  readonly connectionsPerClient: number;
  /** A message's head, start line included, both ways. Default 16 KiB, Node's own limit. */
  readonly headBytes: number;
  /** Header fields in a message, both ways. Default 100. */
  readonly headFields: number;
  /** The request target. Default 8 KiB; longer ones get 414. */
  readonly targetBytes: number;
  /** Connections to one upstream, idle ones included. Default 256. */
  readonly connectionsPerUpstream: number;
}

export const defaultEngineLimits: EngineLimits = {
  connections: 10_000,
  connectionsPerClient: 1_000,
  headBytes: 16_384,
  headFields: 100,
  targetBytes: 8_192,
  connectionsPerUpstream: 256,
};

/** The largest request body a route passes on unless it says otherwise: 10 MiB. */
export const defaultBodyLimitBytes: number = 10 * 1024 * 1024;
