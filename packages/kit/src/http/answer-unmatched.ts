import { AppError } from '@flotilla/contracts';
import type { HttpApp } from './http-app-type.ts';
import { pathOf } from './observe-requests.ts';
import type { RouteMethods } from './route-methods.ts';

/**
 * Answers what no route takes: 404 for an unknown path, 405 with `Allow` for a known one, 204 for OPTIONS. Does so
 * before the body is read: what is wrong with the body of a request nobody takes does not matter. Each scope tells it
 * in its dialect.
 */
export function answerUnmatched(app: HttpApp, routes: RouteMethods): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const path = pathOf(request.url);
    const allow = path === '*' ? routes.all() : routes.methodsOf(path);
    if (allow.length === 0) return done(new AppError('ROUTE_NOT_FOUND'));
    if (request.method === 'OPTIONS') {
      void reply.code(204).header('allow', allow.join(', ')).send();
      return;
    }
    // HEAD and OPTIONS follow from the others: a person asks what the path is for.
    const methods = allow.filter((method) => method !== 'HEAD' && method !== 'OPTIONS').join(', ');
    done(new AppError('METHOD_NOT_ALLOWED', { parameters: { methods }, allow }));
  });
}
