import { AppError } from '@flotilla/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from './observe-requests.ts';
import type { RouteMethods } from './route-methods.ts';

/**
 * Decides the answer to a request without a route: 404 for an unknown path, 405 with `Allow` for a known one. OPTIONS of a known
 * path is answered here, with 204: then it returns `answered`.
 */
export function answerUnmatched(
  request: FastifyRequest,
  reply: FastifyReply,
  routes: RouteMethods,
): AppError | 'answered' {
  const path = pathOf(request.url);
  const allow = path === '*' ? routes.all() : routes.methodsOf(path);
  if (allow.length === 0) return new AppError('ROUTE_NOT_FOUND');
  if (request.method === 'OPTIONS') {
    void reply.code(204).header('allow', allow.join(', ')).send();
    return 'answered';
  }
  // HEAD and OPTIONS follow from the others; people want to know what the path is for.
  const methods = allow.filter((method) => method !== 'HEAD' && method !== 'OPTIONS').join(', ');
  return new AppError('METHOD_NOT_ALLOWED', { parameters: { methods }, allow });
}
