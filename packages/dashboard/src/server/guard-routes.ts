import { isAppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { DashboardAccess } from './access.ts';
import { safetyHeaders } from './page-headers.ts';
import { requireSameOrigin } from './same-origin.ts';

/** What probes and the login itself need: it tells nothing of the fleet. */
const open: ReadonlySet<string> = new Set(['/health', '/ready', '/livez', '/login']);
const namedOrigins =
  'To let it send telemetry, name its origin in ALLOWED_ORIGINS of the dashboard (with flotilla up: DASHBOARD__ALLOWED_ORIGINS).';
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Guards every request: what changes something, and what tells something, only for pages of the dashboard itself, and only for those
 * who show the token if there is one. Call it before the routes are added.
 *
 * @param otherOrigins origins of other pages that may use these routes too. Default: none. Only for routes that take telemetry: a page
 *   that may send some is not to stop programs.
 */
export function guardRoutes(app: HttpApp, access: DashboardAccess, otherOrigins: readonly string[] = []): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(safetyHeaders);
    const [pathname = '/'] = request.url.split('?', 1);
    // The router reads `/%61pi/` as the same.
    const isApi = [pathname, request.routeOptions.url ?? ''].some((path) => path.startsWith('/api/'));
    try {
      if (isApi) reply.header('cache-control', 'no-store');
      if (isApi || !safeMethods.has(request.method))
        requireSameOrigin(request.headers, otherOrigins, pathname.startsWith('/v1/') ? namedOrigins : undefined);
      // A browser shows no token when it asks what it may send, and learns no more than that.
      if (!open.has(pathname) && request.method !== 'OPTIONS') access.require(request.headers);
      done();
    } catch (error) {
      const wantsPage = request.method === 'GET' && !isApi && String(request.headers.accept).includes('text/html');
      if (isAppError(error, 'UNAUTHENTICATED') && wantsPage)
        reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303);
      else done(error instanceof Error ? error : new Error('Refused', { cause: error }));
    }
  });
}
