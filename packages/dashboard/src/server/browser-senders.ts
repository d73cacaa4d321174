import type { HttpApp } from '@flotilla/kit/http';
import { isAllowedOrigin } from './same-origin.ts';

/** For how long a browser need not ask again. */
const keptSeconds = 600;

/**
 * Lets web pages send telemetry whose origins `ALLOWED_ORIGINS` names. A browser asks first, without a token, whether a page may send
 * JSON to another origin; without these headers it sends nothing, and says no more than "CORS".
 */
export function letBrowsersSend(scope: HttpApp, senderOrigins: readonly string[]): void {
  scope.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    reply.header('vary', 'origin');
    if (origin !== undefined && isAllowedOrigin(origin, senderOrigins))
      // Not the origin of the page if all may send: of `*`, browsers show no page the answer to a request with cookies.
      reply.header('access-control-allow-origin', senderOrigins.includes('*') ? '*' : origin);
    done();
  });
  const config = { requestLogLevel: 'debug' } as const;
  for (const signal of ['traces', 'metrics', 'logs'])
    scope.options(`/${signal}`, { config }, (request, reply) => {
      const wanted = String(request.headers['access-control-request-headers'] ?? '');
      reply.headers({ allow: 'POST, OPTIONS', 'access-control-allow-methods': 'POST' });
      if (/^[\w, -]{1,1000}$/.test(wanted)) reply.header('access-control-allow-headers', wanted);
      return reply.header('access-control-max-age', String(keptSeconds)).status(204).send();
    });
}
