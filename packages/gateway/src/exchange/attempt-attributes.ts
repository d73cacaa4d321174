import type { Attributes, FinishedSpan, Tracer } from '@flotilla/kit/telemetry';
import { describeOutcome, errorTypeOf } from '../attempt/describe-outcome.ts';
import { cancelled, type Outcome } from '../attempt/outcome.ts';
import type { AttemptSpan } from './attempt-span.ts';
import { shownMethod } from './shown-method.ts';
import { shownPath, shownQueryOf } from './shown-target.ts';

/** Whether an attempt counts as an error: what the client has asked for wrongly (4xx) and what we gave up does not. */
export function attemptFailed({ outcome }: AttemptSpan): boolean {
  if (outcome === undefined || outcome.kind === 'cancelled') return false;
  return outcome.kind !== 'response' || outcome.status >= 500;
}

/**
 * @param endMs when the request was over, for an attempt that was left to itself
 * @param time places it on the wall clock
 * @param common what all attempts at its upstream say
 */
export function attemptSpan(
  span: AttemptSpan,
  endMs: number,
  time: Pick<Tracer, 'epochMs'>,
  common: Attributes,
): FinishedSpan {
  const { context, endedAtMs, outcome = cancelled, parentSpanId, request, startedAtMs, upstream } = span;
  const failed = attemptFailed(span);
  return {
    context,
    parentSpanId,
    name: `${shownMethod(request.method) ?? 'HTTP'} ${upstream.service}`,
    kind: 'client',
    startedMs: time.epochMs(startedAtMs),
    durationMs: (endedAtMs < 0 ? endMs : endedAtMs) - startedAtMs,
    failed,
    message: failed ? describeOutcome(outcome) : undefined,
    common,
    attributes: attributesOf(span, outcome),
  };
}

function attributesOf({ attempt, request, retryOf, upstream }: AttemptSpan, outcome: Outcome): Attributes {
  const method = shownMethod(request.method);
  const query = shownQueryOf(request.target);
  const response = outcome.kind === 'response';
  return {
    'http.request.method': method ?? '_OTHER',
    'http.request.method_original': method === undefined ? request.method : undefined,
    'url.full': `http://${upstream.authority}${shownPath(request.target)}${query === undefined ? '' : `?${query}`}`,
    'http.response.status_code': response ? outcome.status : undefined,
    'error.type': response ? (outcome.status < 500 ? undefined : String(outcome.status)) : errorTypeOf(outcome),
    'http.request.resend_count': attempt > 1 ? attempt - 1 : undefined,
    'flotilla.attempt': attempt,
    'flotilla.retry_reason': retryOf === undefined ? undefined : describeOutcome(retryOf),
  };
}
