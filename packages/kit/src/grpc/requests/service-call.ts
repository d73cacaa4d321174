import { headerNames } from '@flotilla/contracts';
import { callerOf, readIdempotencyKey, type ServiceCall } from '../../idempotency/index.ts';
import type { GrpcCall } from '../server/grpc-call.ts';

/**
 * What a service's functions get to know of a call. A key in its metadata needs no quotes. When the result is that of an earlier
 * call, the answer's metadata says so, as HTTP's header does.
 *
 * @throws {AppError} INVALID_IDEMPOTENCY_KEY
 */
export function serviceCallOf(call: GrpcCall): ServiceCall {
  const { requestId, trace, metadata } = call;
  const key = metadata.get(headerNames.idempotencyKey);
  if (key === undefined) return { requestId, trace };
  return {
    requestId,
    trace,
    idempotencyKey: readIdempotencyKey(key, 'optional'),
    caller: callerOf(metadata.get('authorization')),
    onReplay: () => call.setHeader(headerNames.idempotencyReplayed, 'true'),
  };
}
