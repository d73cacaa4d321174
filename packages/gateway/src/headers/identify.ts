import { requestIdPattern } from '@flotilla/contracts';
import { fieldNameId } from '@flotilla/http1';
import { parseTraceparent, type TraceIds } from '@flotilla/kit/telemetry';
import type { RequestHead, RequestIdentity } from './request-head.ts';

const requestIdField = fieldNameId('x-request-id');
const traceparentField = fieldNameId('traceparent');
const tracestateField = fieldNameId('tracestate');

/**
 * The identity of a request: the caller's request id when it is well-formed, else that of the trace; the caller's trace
 * continued, or a new one when there is none or it is not valid (W3C Trace Context: never an error).
 *
 * @param head undefined for what was too broken to have one
 */
export function identify(ids: TraceIds, head: RequestHead | undefined): RequestIdentity {
  let requestId: string | undefined;
  let traceparent: string | undefined;
  let tracestate: string | undefined;
  if (head !== undefined) {
    const { fieldIds, headers } = head;
    for (let index = 0; index < fieldIds.length; index++) {
      const id = fieldIds[index] ?? 0;
      const value = headers[index * 2 + 1] ?? '';
      if (id === requestIdField) requestId ??= value;
      else if (id === traceparentField) traceparent ??= value;
      // May come in several fields, which form one list.
      else if (id === tracestateField) tracestate = tracestate === undefined ? value : `${tracestate},${value}`;
    }
  }
  const parent = parseTraceparent(traceparent, tracestate);
  const trace = parent === undefined ? ids.newTrace() : ids.childOf(parent);
  return { requestId: requestId !== undefined && requestIdPattern.test(requestId) ? requestId : trace.traceId, trace };
}
