import { requestIdPattern } from '@flotilla/contracts';
import { fieldNameId } from '@flotilla/http1';
import { parseTraceparent, type TraceContext, type Tracer } from '@flotilla/kit/telemetry';
import type { HeaderList } from './header-list.ts';

/** The head of a request that the engine has read and found well-formed. */
export interface RequestHead {
  readonly method: string;
  /** Origin-form (or `*` with OPTIONS), the bytes as received; an absolute-form target has been reduced to it. */
  readonly target: string;
  /** The effective authority: of an absolute-form target if there was one, else of `Host`. */
  readonly host: string;
  /** How the client reached this gateway. */
  readonly scheme: 'http' | 'https';
  readonly httpVersion: '1.0' | '1.1' | '2.0';
  readonly headers: HeaderList;
  /** The codec's id of each name in `headers`, 0 for an unusual one: cheaper to decide by than the name. */
  readonly fieldIds: readonly number[];
  /** The options of `Connection`, in lower case. */
  readonly connection: readonly string[];
  /** The peer of the connection: an IP address. */
  readonly remoteAddress: string;
}

/** The names under which a request is found again in logs and traces, here and in every service it reaches. */
export interface RequestIdentity {
  readonly requestId: string;
  /** The gateway's own span. Goes upstream as the parent of the service's span. */
  readonly trace: TraceContext;
}

const requestIdField = fieldNameId('x-request-id');
const traceparentField = fieldNameId('traceparent');
const tracestateField = fieldNameId('tracestate');

/**
 * The identity of a request: the caller's request id when it is well-formed, else that of the trace; the caller's trace
 * continued, or a new one when there is none or it is not valid (W3C Trace Context: never an error).
 *
 * @param head undefined for what was too broken to have one
 */
export function identify(tracer: Pick<Tracer, 'begin'>, head: RequestHead | undefined): RequestIdentity {
  let requestId: string | undefined;
  let traceparent: string | undefined;
  let tracestate: string | undefined;
  if (head !== undefined) {
    const { fieldIds, headers } = head;
    for (let index = 0; index < fieldIds.length; index++) {
      const id = fieldIds[index] ?? 0;
      const value = headers[index * 2 + 1] ?? '';
      if (id === requestIdField) requestId ??= value;
      // Of several, nobody knows which is meant: a new trace begins.
      else if (id === traceparentField) traceparent = traceparent === undefined ? value : '';
      // May come in several fields, which form one list.
      else if (id === tracestateField) tracestate = tracestate === undefined ? value : `${tracestate},${value}`;
    }
  }
  const trace = tracer.begin(parseTraceparent(traceparent, tracestate));
  return { requestId: requestId !== undefined && requestIdPattern.test(requestId) ? requestId : trace.traceId, trace };
}
