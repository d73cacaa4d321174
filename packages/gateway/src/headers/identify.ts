import { headerNames } from '@flotilla/contracts';
import { acceptRequestId, childOf, newTraceContext, parseTraceparent } from '@flotilla/kit/telemetry';
import { type HeaderList, headerValue, headerValues } from './header-list.ts';
import type { RequestIdentity } from './request-head.ts';

const none: HeaderList = [];

/**
 * The identity of a request: the caller's request id when it is well-formed, else a new one; the caller's trace
 * continued, or a new one when there is none or it is not valid (W3C Trace Context: never an error).
 */
export function identify(headers: HeaderList = none): RequestIdentity {
  const requestId = acceptRequestId(headerValue(headers, headerNames.requestId));
  const parent = parseTraceparent(headerValue(headers, headerNames.traceparent), tracestateOf(headers));
  return { requestId, trace: parent === undefined ? newTraceContext() : childOf(parent) };
}

/** `tracestate` may come in several fields, which form one list. */
function tracestateOf(headers: HeaderList): string | undefined {
  const values = headerValues(headers, headerNames.tracestate);
  return values.length === 0 ? undefined : values.join(',');
}
