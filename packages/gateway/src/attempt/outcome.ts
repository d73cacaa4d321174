/** Where the time ran out; `set-aside`: it had not, but a probe told that waiting on would be in vain. */
export type TimeoutPhase = 'connect' | 'first-byte' | 'set-aside' | 'progress' | 'total';

/** The limits that a request can meet: keys of `limits` in the configuration. */
export type RequestLimit =
  | 'connectionsPerUpstream'
  | 'clientShare'
  | 'longLived'
  | 'longLivedPerClient'
  | 'longLivedPerUpstream';

/** A limit of the configuration was met: which, and how much it allows. */
export interface LimitedFailure {
  readonly kind: 'limited';
  readonly limit: RequestLimit;
  readonly most: number;
}

/**
 * How one attempt at one upstream ended. Engines report it, the pool learns from it, the retry policy decides by it.
 *
 * - `response`: a whole response arrived, whatever its status.
 * - `refused`: no connection could be made, so no byte of the request reached the upstream.
 * - `reset`: the connection broke. `reused`: it had served a request before, so it may just have been closed as idle.
 *   `responseStarted`: at least one byte of the response's head had arrived. `bytesSent`: of the request, 0 if none left.
 * - `timeout`: the upstream was too slow, in the phase named.
 * - `invalid`: the response broke a rule of RFC 9112, named by `reason`.
 * - `exhausted`: this gateway had no file descriptor, local port or memory for a connection; says nothing about the upstream.
 * - `limited`: a limit of this gateway's configuration left no connection for the attempt; says nothing about the upstream.
 * - `cancelled`: our side gave up (the client left, the gateway closes); says nothing about the upstream.
 */
export type Outcome =
  | { readonly kind: 'response'; readonly status: number }
  | { readonly kind: 'refused'; readonly cause?: unknown }
  | {
      readonly kind: 'reset';
      readonly reused: boolean;
      readonly responseStarted: boolean;
      readonly bytesSent: number;
      readonly cause?: unknown;
    }
  | { readonly kind: 'timeout'; readonly phase: TimeoutPhase }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'exhausted'; readonly cause: unknown }
  | LimitedFailure
  | { readonly kind: 'cancelled' };

const responses: readonly Outcome[] = Array.from({ length: 600 }, (_, status) => ({ kind: 'response', status }));

/** The outcome `response` with this status; the same object each time, so that the request path allocates nothing. */
export function responseOutcome(status: number): Outcome {
  return responses[status] ?? { kind: 'response', status };
}

/** The outcome `cancelled`. */
export const cancelled: Extract<Outcome, { kind: 'cancelled' }> = { kind: 'cancelled' };

/** What the system says when this process or machine has nothing left to open a connection with. */
const exhaustion: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/** How an attempt has failed that got no connection: by the upstream's doing, or for want of something of our own. */
export function dialFailure(address: string, cause: unknown): Extract<Outcome, { kind: 'refused' | 'exhausted' }> {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  // No local port is left. For an IPv6 address it mostly means that this machine has no IPv6, so nobody is reached there.
  const noPort = code === 'EADDRNOTAVAIL' && !address.includes(':');
  return noPort || exhaustion.has(code) ? { kind: 'exhausted', cause } : { kind: 'refused', cause };
}
