import type { Upstream } from '../../upstream/upstream.ts';
import type { Deadline } from '../time/timer-wheel.ts';
import type { ConnectionUse } from './connection-use.ts';
import type { RequestWriter } from './request-writer.ts';
import type { TunnelEnd } from './tunnel-end.ts';

/** A connection to an upstream as those know it who own it, keep it, or wait for what it brings. */
export interface UpstreamSide {
  readonly upstream: Upstream;
  /** Where its requests are written. */
  readonly out: RequestWriter;
  /** For the owner: when the connection has been idle for too long. */
  readonly idleDeadline: Deadline;
  readonly use: ConnectionUse;
  /** Whether a login is bound to it: it serves nobody but its keeper's client, and nobody again without a keeper. */
  readonly bound: boolean;
  /** Whether it has served an exchange before this one. */
  readonly reused: boolean;
  /** Whether a body is on its way: the answer's, or the request's. */
  readonly flowing: boolean;
  /** Stops reading until {@link resume}: the receiver is slower than the upstream. */
  pause(): void;
  resume(): void;
  /** Hands all that comes from now on to `tunnel`, after a 101. */
  passTo(tunnel: TunnelEnd): void;
  /** Ends our side of a switched connection. */
  end(): void;
  /** Gives the exchange up, or closes an idle connection. Whoever waited hears nothing more. */
  destroy(): void;
}
