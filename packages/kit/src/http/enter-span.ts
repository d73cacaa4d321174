import type { preValidationHookHandler } from 'fastify';
import { type Tracer, withinTrace } from '../telemetry/index.ts';
import type { RequestContexts } from './request-context.ts';

/**
 * Makes a route's handler, and the hooks before it (`preHandler`), run within the span of its request. Not earlier: Node reads a body
 * where it reads the connection, outside of what the request began. Not as a hook of that name: a route's own runs after all others.
 *
 * @param isQuiet whether successful requests have no span: then spans of what they do, here or in services that they call, would
 *   belong to one that is not kept
 */
export function enterSpan(contexts: RequestContexts, isQuiet: boolean): preValidationHookHandler {
  const { tracer } = contexts;
  if (!isQuiet) return (request, _reply, done) => withinTrace(contexts.of(request.raw).trace, done, tracer);
  const quiet: Tracer = { ...tracer, keeps: () => false };
  return (request, _reply, done) => withinTrace({ ...contexts.of(request.raw).trace, sampled: false }, done, quiet);
}
