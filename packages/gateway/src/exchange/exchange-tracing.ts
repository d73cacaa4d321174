import { type FinishedSpan, parseTraceparent, type Tracer } from '@flotilla/kit/telemetry';
import { headerValue } from '../headers/header-list.ts';
import type { TrustedProxies } from '../headers/trusted-proxies.ts';
import { attemptFailed, attemptSpan } from './attempt-attributes.ts';
import { CommonAttributes } from './common-attributes.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import type { CallSpan } from './request-spans.ts';
import { isFailure, serverAttributes, serverErrorType, serverName } from './server-attributes.ts';

/** Makes spans of requests that are over: one of the gateway's own, and one for each attempt and each call it has made. */
export class ExchangeTracing {
  readonly #tracer: Tracer;
  readonly #trusted: TrustedProxies;
  readonly #common = new CommonAttributes();

  constructor(tracer: Tracer, trusted: TrustedProxies) {
    this.#tracer = tracer;
    this.#trusted = trusted;
  }

  /** Whether the spans of the request are kept. */
  record(record: ExchangeRecord): boolean {
    const { spans } = record;
    if (spans === undefined) return false;
    const failed = isFailure(record);
    // Probes and scrapes, every few seconds: in somebody's trace they are worth a span, by themselves they hide the others.
    if (record.route?.kind === 'own' && !failed && parentOf(record) === undefined) return false;
    const durationMs = record.endedAtMs - record.startedAtMs;
    const { trace } = record.identity;
    // What a retry has saved is worth a look as well.
    const keeps = this.#tracer.keeps(trace, failed || spans.attempts.some(attemptFailed), durationMs);
    if (!keeps) return false;
    for (const attempt of spans.attempts) {
      const common = this.#common.ofUpstream(attempt.upstream);
      this.#tracer.record(attemptSpan(attempt, record.endedAtMs, this.#tracer, common));
    }
    for (const call of spans.calls ?? [])
      this.#tracer.record(callSpan(call, trace.spanId, record.endedAtMs, this.#tracer));
    this.#tracer.record({
      context: trace,
      parentSpanId: parentOf(record),
      name: serverName(record),
      kind: 'server',
      startedMs: this.#tracer.epochMs(record.startedAtMs),
      durationMs,
      failed,
      message: failed ? serverErrorType(record) : undefined,
      common: this.#common.ofAnswers(record),
      attributes: serverAttributes(record, this.#trusted),
    });
    return true;
  }
}

/** The caller's span, which the identity was made of; read again, since few requests are asked for it. */
function parentOf({ head, identity }: ExchangeRecord): string | undefined {
  const read = head === undefined ? undefined : parseTraceparent(headerValue(head.headers, 'traceparent'));
  // Of another trace: there were several, and a new one was begun.
  return read?.traceId === identity.trace.traceId ? read.spanId : undefined;
}

function callSpan(call: CallSpan, parentSpanId: string, endMs: number, time: Pick<Tracer, 'epochMs'>): FinishedSpan {
  const { attributes, context, endedAtMs, errorType, failed, name, startedAtMs } = call;
  return {
    context,
    parentSpanId,
    name,
    kind: 'internal',
    startedMs: time.epochMs(startedAtMs),
    durationMs: (endedAtMs < 0 ? endMs : endedAtMs) - startedAtMs,
    failed,
    message: failed ? errorType : undefined,
    attributes: errorType === undefined ? attributes : { ...attributes, 'error.type': errorType },
  };
}
