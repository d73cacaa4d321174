/** The header fields Flotilla's programs speak of to each other, in lower case as Node shows them. */
export const headerNames = {
  requestId: 'x-request-id',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  baggage: 'baggage',
  /** On answers: the id of the trace the request belonged to. */
  traceId: 'x-trace-id',
  /** On requests of a registered instance to the registry: shows that its registration is meant, and no other of that id. */
  registrationToken: 'x-registration-token',
  /** On answers of the registry: which history its revisions belong to. On a watch: the history the revision is of. */
  registryHistory: 'x-registry-history',
  /** On a POST: the caller's name for it, so that it can be repeated without being done twice. */
  idempotencyKey: 'idempotency-key',
  /** On answers: `true` if this is the stored answer to an earlier request with the same key. */
  idempotencyReplayed: 'idempotency-replayed',
} as const;

/** What is accepted as a caller's request id; anything else is replaced by one of ours. */
export const requestIdPattern: RegExp = /^[A-Za-z0-9._:@/+=-]{1,128}$/;
