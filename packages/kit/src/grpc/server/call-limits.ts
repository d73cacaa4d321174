/** What one caller may use of a gRPC server. */
export interface GrpcLimits {
  /** The largest message that is accepted. Default 1 MiB, as for bodies over HTTP: records are small. */
  readonly maxMessageBytes: number;
  /**
   * How long a call with a single answer may take, whatever deadline its caller sets. Default 60 000: nobody waits longer, and
   * callers that set none would hold what they use forever.
   */
  readonly maxCallMs: number;
  /** How long the caller may leave a part of the answer unread before the call ends. Default 30 000. */
  readonly maxStallMs: number;
  /** Calls at a time on one connection. Default 100; clients wait with further ones. */
  readonly maxConcurrentCalls: number;
  /** Bytes of the headers of one call, counted as HTTP/2 does. Default 16 KiB. */
  readonly maxMetadataBytes: number;
  /** How long a connection without calls is kept. Default 300 000. */
  readonly maxIdleMs: number;
  /** Time from one ping of ours to the next, which finds callers that are gone without a word. Default 60 000. */
  readonly pingEveryMs: number;
  /** How long a caller may take to answer a ping before its connection is closed. Default 20 000. */
  readonly pingTimeoutMs: number;
  /** The shortest time between two pings of a caller that has no call in progress. Default 5000; the third that comes sooner ends the connection. */
  readonly minPingGapMs: number;
}

/** The limits that apply if nothing else is said. */
export const defaultLimits: GrpcLimits = {
  maxMessageBytes: 1_048_576,
  maxCallMs: 60_000,
  maxStallMs: 30_000,
  maxConcurrentCalls: 100,
  maxMetadataBytes: 16_384,
  maxIdleMs: 300_000,
  pingEveryMs: 60_000,
  pingTimeoutMs: 20_000,
  minPingGapMs: 5_000,
};
