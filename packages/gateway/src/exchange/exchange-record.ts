import type { AppError } from '@flotilla/contracts';
import type { Outcome } from '../attempt/outcome.ts';
import type { RequestHead, RequestIdentity } from '../headers/request-head.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** How the answer to the client ended. */
export type Ending =
  /** All of it was handed to the client's connection. */
  | 'complete'
  /** The client left before that: status 499 in log and metrics. */
  | 'client-gone'
  /** The upstream broke after the head had been passed on: the client's connection was cut so that it can notice. */
  | 'broken';

/**
 * What log and metrics need about one request. The engine makes one per request, fills it in as things happen, and
 * hands it to `RequestHandler.finished` exactly once. All fields exist from the start, so its shape never changes.
 * Times are monotonic milliseconds; -1 = did not happen.
 */
export class ExchangeRecord {
  /** Undefined when what came was too broken to have a head. */
  head: RequestHead | undefined;
  readonly identity: RequestIdentity;
  /** The client's first byte of this request. */
  readonly startedAtMs: number;
  /** The route's template; undefined if none matched. */
  template: string | undefined = undefined;
  /** The service of a proxied request. */
  service: string | undefined = undefined;
  /** The upstream of the last attempt. */
  upstream: Upstream | undefined = undefined;
  /** Attempts at upstreams, the first included. */
  attempts = 0;
  /** Of the last attempt that failed. */
  outcome: Outcome | undefined = undefined;
  /** What was sent to the client (0 = nothing yet). `finished` reports 499 if `ending` is `client-gone`. */
  status = 0;
  /** What the gateway itself answered with, when it did; its cause goes to the log. */
  error: AppError | undefined = undefined;
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

  constructor(head: RequestHead | undefined, identity: RequestIdentity, startedAtMs: number) {
    this.head = head;
    this.identity = identity;
    this.startedAtMs = startedAtMs;
  }
}
