import type { Tracer } from '@flotilla/kit/telemetry';
import type { RequestHandler } from '../../engine/engine.ts';
import type { ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { ForwardingRules } from '../../headers/request-fields.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { StreamPool } from '../sides/stream-pool.ts';
import type { TurnClock } from '../time/turn.ts';
import type { LongLivedExchanges } from './long-lived-exchanges.ts';
import type { WaitingRequests } from './waiting-requests.ts';

/** What every exchange of an engine shares. */
export interface EngineParts {
  readonly handler: RequestHandler;
  readonly forwarding: ForwardingRules;
  readonly clock: TurnClock;
  readonly tracer: Tracer;
  /** Where exchanges get their streams. */
  readonly streams: { to(upstream: Upstream): StreamPool };
  /** Tunnels and streams of events. */
  readonly longLived: LongLivedExchanges;
  /** Requests that wait for a policy. */
  readonly waiting: WaitingRequests;
  /** How long a request's body may take before its rate counts. */
  readonly bodyGraceMs: number;
  /** The longest silence while a request's body arrives. */
  readonly bodyProgressMs: number;
  /** The longest time in which a client takes nothing of its answer. */
  readonly writeProgressMs: number;
  /** The longest silence in a tunnel. */
  readonly tunnelIdleMs: number;
  /** The exchange is over: hands its record in, and counts it as no longer active. */
  finished(record: ExchangeRecord): void;
}
