import type { AppError, Clock } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';
import type { Metrics, Tracer } from '@flotilla/kit/telemetry';
import type { Listen } from '@flotilla/kit/workers';
import type { Outcome } from '../attempt/outcome.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { ProxyRoute } from '../config/proxy-route.ts';
import type { Route } from '../config/route.ts';
import type { EngineTimeouts, RouteTimeouts } from '../config/timeouts.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { CallSpan } from '../exchange/request-spans.ts';
import type { HeaderList } from '../headers/header-list.ts';
import type { ForwardingRules } from '../headers/request-fields.ts';
import type { RequestHead, RequestIdentity } from '../headers/request-head.ts';
import type { PickPlace, UpstreamPool } from '../upstream/upstream-pool.ts';
import type { LocalRequest, LocalResponse } from './local-response.ts';
import type { PolicyStep } from './policy-step.ts';

/**
 * What the gateway tells the engine to do with a request. `policies` is the chain that the request passes before that, and
 * all that is answered to it after; most are empty.
 */
export type Decision =
  /** Pass it on: `target` (already rewritten) to an instance picked from `pool`, by `key` if its balancer asks for one. */
  | {
      readonly kind: 'proxy';
      readonly route: ProxyRoute;
      readonly policies: readonly PolicyStep[];
      readonly target: string;
      readonly pool: UpstreamPool;
      readonly key: number | undefined;
    }
  /** The gateway answers itself (aggregates, health, metrics): read the body, at most so much, and call `respond`. */
  | {
      readonly kind: 'local';
      readonly route: Route;
      readonly policies: readonly PolicyStep[];
      /** Whether the chain is asked about the request; else it sees the answer alone. */
      readonly asked: boolean;
      readonly bodyLimitBytes: number;
      /** At most so long until the answer; an aggregate ends earlier, by its own deadline. Default 60 000. */
      readonly longestMs?: number;
      /** May throw or reject; the engine answers with the AppError, or with INTERNAL for anything else. */
      respond(request: LocalRequest): Promise<LocalResponse> | LocalResponse;
    }
  /** Answer with this error. */
  | {
      readonly kind: 'reject';
      /** The route that the error is about; undefined: no route has a part in it. */
      readonly route: Route | undefined;
      readonly policies: readonly PolicyStep[];
      readonly error: AppError;
    };

/** The gateway's side of the seam: everything that is thought about a request, as the engine needs it. */
export interface RequestHandler {
  /** The chain of what is answered to a message that is no request, or of what no decision was asked for. */
  readonly unrouted: readonly PolicyStep[];
  /** What to do with this request. Synchronous, from memory, no I/O; never throws. */
  decide(head: RequestHead): Decision;
  /** The answer that tells the client of an error. Never throws. `head` is undefined when there was none to speak of. */
  problem(error: AppError, head: RequestHead | undefined, identity: RequestIdentity): LocalResponse;
  /** Metrics and access log: exactly once per request, when nothing more will happen to it. */
  finished(record: ExchangeRecord): void;
}

/** A call of an upstream made by the gateway itself: a part of an aggregate. */
export interface UpstreamCall extends PickPlace {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Origin-form. */
  readonly target: string;
  /** The client's request it is made for, whose share of the connections it takes. */
  readonly onBehalfOf?: RequestHead;
  /** What its attempts belong to. Default: they have no spans. */
  readonly span?: CallSpan | undefined;
  /** Sent as they are; the engine adds `Host` and framing. */
  readonly headers: HeaderList;
  readonly body?: Buffer;
  readonly timeouts: RouteTimeouts;
  readonly maxAttempts: number;
  /** Monotonic: all attempts together end by then, with `timeout` in phase `total`. */
  readonly dueMs: number;
  /** A larger answer is `invalid`. */
  readonly maxBodyBytes: number;
  /** Ends the call with `cancelled`. */
  readonly signal: AbortSignal;
}

/** How an {@link UpstreamCall} ended, after all its attempts. */
export type UpstreamCallResult =
  | { readonly kind: 'response'; readonly status: number; readonly headers: HeaderList; readonly body: Buffer }
  /** The last attempt's outcome; undefined when there was no instance to try. */
  | { readonly kind: 'failed'; readonly outcome: Exclude<Outcome, { kind: 'response' }> | undefined };

export interface UpstreamCaller {
  /** Calls an upstream, retrying as the retry policy allows. Never rejects. */
  call(call: UpstreamCall): Promise<UpstreamCallResult>;
}

/** What moves the bytes. Two ways to do it can be swapped without anything else noticing. */
export interface Engine extends UpstreamCaller {
  /** Requests being served now: begun and not yet given to `RequestHandler.finished`. */
  readonly activeRequests: number;
  /** Starts to accept. Rejects with the system's error (`EADDRINUSE` …). */
  listen(where: { readonly host?: string; readonly port: number }): Promise<ListeningAddress>;
  /**
   * Stops accepting and lets exchanges under way finish (their answers say `Connection: close`). An idle connection
   * is closed when no request has come on it within `drainIdleMs`. Resolves when none is left; on `signal` resolves
   * at once and leaves the rest to `close`.
   */
  drain(signal: AbortSignal): Promise<void>;
  /** Cuts whatever is left, on both sides. */
  close(): Promise<void>;
}

/** Where an engine listens. */
export interface ListeningAddress {
  readonly address: string;
  readonly port: number;
  /** With {@link EngineOptions.tls}. */
  readonly tlsPort?: number;
}

/** Where and with what an engine serves HTTPS. */
export interface TlsOptions {
  /** Beside the port for HTTP; 0 = any free one. */
  readonly port: number;
  /** The certificate, followed by those that lead to a root: PEM. Both files are read again when they change. */
  readonly certFile: string;
  readonly keyFile: string;
}

export interface EngineOptions {
  readonly handler: RequestHandler;
  /** Of the whole gateway. */
  readonly limits: EngineLimits;
  /** How many processes serve together, this one included: this engine has an equal share of the limits. */
  readonly workers: number;
  /** How many files, sockets included, this process may have open: fewer than the limits need lower these. */
  readonly openFiles: number | undefined;
  readonly timeouts: EngineTimeouts;
  readonly forwarding: ForwardingRules;
  /** Serve HTTPS too, with HTTP/2 for clients that ask for it. Default: not. */
  readonly tls?: TlsOptions;
  /** How to listen. Default: each listener on a socket of its own. */
  readonly listen?: Listen | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Makes the ids of requests and attempts, and says whether their spans go anywhere. */
  readonly tracer: Tracer;
}

export type CreateEngine = (options: EngineOptions) => Engine;
