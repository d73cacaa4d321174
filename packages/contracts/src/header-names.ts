/** The header fields Flotilla's programs speak of to each other, in lower case as Node shows them. */
export const headerNames = {
  requestId: 'x-request-id',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  /** On answers: the id of the trace the request belonged to. */
  traceId: 'x-trace-id',
} as const;

/** What is accepted as a caller's request id; anything else is replaced by one of ours. */
export const requestIdPattern: RegExp = /^[A-Za-z0-9._:@/+=-]{1,128}$/;
