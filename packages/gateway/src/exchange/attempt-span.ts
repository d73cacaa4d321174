import { formatTraceparent, type TraceContext } from '@flotilla/kit/telemetry';
import type { Outcome } from '../attempt/outcome.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** What an attempt asks for. */
export interface AttemptedRequest {
  readonly method: string;
  /** Origin-form. */
  readonly target: string;
}

/** One attempt at an upstream, as its span will tell it. Its id is what the upstream gets as its parent. */
export class AttemptSpan {
  readonly context: TraceContext;
  readonly parentSpanId: string;
  readonly upstream: Upstream;
  readonly request: AttemptedRequest;
  /** 1 for the first. */
  readonly attempt: number;
  /** How the attempt before it ended; undefined: it is the first. */
  readonly retryOf: Outcome | undefined;
  /** Monotonic, as is what follows; -1 = did not happen. */
  readonly startedAtMs: number;
  endedAtMs = -1;
  outcome: Outcome | undefined = undefined;

  constructor(
    context: TraceContext,
    parentSpanId: string,
    upstream: Upstream,
    request: AttemptedRequest,
    attempt: number,
    retryOf: Outcome | undefined,
    startedAtMs: number,
  ) {
    this.context = context;
    this.parentSpanId = parentSpanId;
    this.upstream = upstream;
    this.request = request;
    this.attempt = attempt;
    this.retryOf = retryOf;
    this.startedAtMs = startedAtMs;
  }

  /** The attempt is over. */
  end(outcome: Outcome, nowMs: number): void {
    this.outcome = outcome;
    this.endedAtMs = nowMs;
  }
}

/** Puts the id of an attempt into the fields of its request, in place of that of the request it is made for. */
export function nameAttempt(fields: string[], span: AttemptSpan): void {
  // Ours are the last ones.
  for (let at = fields.length - 2; at >= 0; at -= 2) {
    if (fields[at] !== 'traceparent') continue;
    fields[at + 1] = formatTraceparent(span.context);
    return;
  }
}
