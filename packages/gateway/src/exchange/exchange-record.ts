import type { AppError } from '@flotilla/contracts';
import type { Outcome } from '../attempt/outcome.ts';
import type { Route } from '../config/route.ts';
import type { RequestHead, RequestIdentity } from '../headers/request-head.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { RequestSpans } from './request-spans.ts';

/** How the answer to the client ended. */
export type Ending =
  /** All of it was handed to the client's connection. */
  | 'complete'
  /** A tunnel in which nothing came from either end for `tunnelIdleMs`: closed. */
  | 'idle'
  /** The client left by itself before all was handed over: status 499 in log and metrics. */
  | 'client-gone'
  | CutEnding;

/** Why an answer was cut: the gateway ended the client's connection or stream so that what it has can't pass for whole. */
export type CutEnding =
  /** The client took nothing of its answer for `writeProgressMs`. */
  | 'client-stalled'
  /** The upstream broke, fell silent or sent what can't be passed on, after the answer had begun. */
  | 'broken'
  /** The route's `totalMs` was up, or neither side went on, after the answer had begun. */
  | 'timed-out'
  /** The rest of the request broke a rule or a limit after the answer had begun; `error` says which. */
  | 'request-refused'
  /** The gateway closed before the exchange was over. */
  | 'shut-down';

/** How an exchange loses its client. `broken`: the answer has something that the client's protocol can't carry. */
export type ClientLoss = 'client-gone' | 'shut-down' | 'broken';

/**
 * What log and metrics need about one request. The engine makes one per request, fills it in as things happen, and
 * hands it to `RequestHandler.finished` exactly once. All fields exist from the start, so its shape never changes.
 * Times are monotonic milliseconds; -1 = did not happen.
 */
export class ExchangeRecord {
  /** Undefined when what came was too broken to have a head. */
  head: RequestHead | undefined;
  readonly identity: RequestIdentity;
  /** Undefined where no spans are made. */
  readonly spans: RequestSpans | undefined;
  /** The client's first byte of this request. */
  readonly startedAtMs: number;
  /** Undefined if none matched. */
  route: Route | undefined = undefined;
  /** The service of a proxied request. */
  service: string | undefined = undefined;
  /** The upstream of the last attempt. */
  upstream: Upstream | undefined = undefined;
  /** Attempts at upstreams, the first included. */
  attempts = 0;
  /** Of the last attempt that failed. */
  outcome: Outcome | undefined = undefined;
  /** What was sent to the client (0 = nothing). `finished` reports 499 if `ending` is `client-gone`. */
  status = 0;
  /** What the gateway itself answered with, when it did; its cause goes to the log. */
  error: AppError | undefined = undefined;
  /** The policy that has answered instead of the route. */
  policy: string | undefined = undefined;
  ending: Ending = 'complete';
  /** Body bytes from the client. */
  requestBytes = 0;
  /** Body bytes to the client. */
  responseBytes = 0;
  /** The last attempt began. */
  upstreamStartedAtMs = -1;
  /** The first byte of the upstream's answer. */
  upstreamFirstByteAtMs = -1;
  endedAtMs = -1;

  constructor(head: RequestHead | undefined, identity: RequestIdentity, startedAtMs: number, spans?: RequestSpans) {
    this.head = head;
    this.identity = identity;
    this.spans = spans;
    this.startedAtMs = startedAtMs;
  }
}
