import { headerNames } from '@flotilla/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf, readIdempotencyKey, type ServiceCall } from '../idempotency/index.ts';
import { requestContext } from './request-context.ts';

/** The part of a request that {@link serviceCall} reads. */
export type CallingRequest = Pick<FastifyRequest, 'raw' | 'headers'>;

/** The part of a reply that {@link serviceCall} may add a field to. */
export type CalledReply = Pick<FastifyReply, 'header'>;

/**
 * What a function of the service needs to know of this request: `orders.add(request.body, serviceCall(request, reply))`. With
 * `Idempotency-Key`, the answer says if it is a repeated one: `Idempotency-Replayed: true`.
 *
 * @throws {AppError} INVALID_IDEMPOTENCY_KEY
 */
export function serviceCall(request: CallingRequest, reply: CalledReply): ServiceCall {
  const { requestId, trace } = requestContext(request);
  // Node joins repeated fields with commas, so that two keys are none.
  const field = request.headers[headerNames.idempotencyKey];
  if (typeof field !== 'string') return { requestId, trace };
  return {
    requestId,
    trace,
    idempotencyKey: readIdempotencyKey(field),
    caller: callerOf(request.headers.authorization),
    onReplay: () => void reply.header(headerNames.idempotencyReplayed, 'true'),
  };
}
