import type { Clock } from '@flotilla/contracts';
import type { Attributes, TraceContext, Tracer } from '@flotilla/kit/telemetry';
import type { Outcome } from '../attempt/outcome.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { type AttemptedRequest, AttemptSpan } from './attempt-span.ts';

/** What attempts are made for: a request that is passed on, or a call of the gateway's own. */
export interface SpanParent {
  /** An attempt begins. */
  attempt(
    upstream: Upstream,
    request: AttemptedRequest,
    attempt: number,
    retryOf: Outcome | undefined,
    nowMs: number,
  ): AttemptSpan;
}

/**
 * The spans of one request, gathered until it is over: then all of them are kept or none, so that a request that was
 * answered in the second attempt shows the first one too. Exists only where spans go somewhere.
 */
export class RequestSpans implements SpanParent {
  readonly attempts: AttemptSpan[] = [];
  /** Undefined until there is one. */
  calls: CallSpan[] | undefined = undefined;
  readonly #tracer: Tracer;
  readonly #clock: Clock;
  readonly #context: TraceContext;

  /** @param context of the gateway's own span */
  constructor(tracer: Tracer, clock: Clock, context: TraceContext) {
    this.#tracer = tracer;
    this.#clock = clock;
    this.#context = context;
  }

  attempt(
    upstream: Upstream,
    request: AttemptedRequest,
    attempt: number,
    retryOf: Outcome | undefined,
    nowMs: number,
  ): AttemptSpan {
    return this.attemptWithin(this.#context, upstream, request, attempt, retryOf, nowMs);
  }

  attemptWithin(
    parent: TraceContext,
    upstream: Upstream,
    request: AttemptedRequest,
    attempt: number,
    retryOf: Outcome | undefined,
    nowMs: number,
  ): AttemptSpan {
    const context = this.#tracer.begin(parent);
    const span = new AttemptSpan(context, parent.spanId, upstream, request, attempt, retryOf, nowMs);
    this.attempts.push(span);
    return span;
  }

  /**
   * A call of the gateway's own begins: a part of an aggregate, or a policy's question.
   *
   * @param name with few values: `part orders`
   */
  call(name: string, attributes: Attributes): CallSpan {
    const span = new CallSpan(this, this.#clock, this.#tracer.begin(this.#context), name, attributes);
    this.calls ??= [];
    this.calls.push(span);
    return span;
  }
}

/** A call that the gateway makes itself, in as many attempts as it takes. */
export class CallSpan implements SpanParent {
  readonly context: TraceContext;
  readonly name: string;
  readonly startedAtMs: number;
  endedAtMs = -1;
  failed = false;
  /** Of what went wrong, stable. */
  errorType: string | undefined = undefined;
  readonly attributes: Attributes;
  readonly #request: RequestSpans;
  readonly #clock: Clock;

  constructor(request: RequestSpans, clock: Clock, context: TraceContext, name: string, attributes: Attributes) {
    this.#request = request;
    this.#clock = clock;
    this.context = context;
    this.name = name;
    this.attributes = attributes;
    this.startedAtMs = clock.monotonicMs();
  }

  attempt(
    upstream: Upstream,
    request: AttemptedRequest,
    attempt: number,
    retryOf: Outcome | undefined,
    nowMs: number,
  ): AttemptSpan {
    return this.#request.attemptWithin(this.context, upstream, request, attempt, retryOf, nowMs);
  }

  /**
   * The call is over, and its answer judged.
   *
   * @param errorType a code, if it is an error; undefined: it is not
   * @param failed whether it is the service's fault, not the request's
   */
  end(errorType: string | undefined, failed: boolean): void {
    this.errorType = errorType;
    this.failed = failed;
    this.endedAtMs = this.#clock.monotonicMs();
  }
}
