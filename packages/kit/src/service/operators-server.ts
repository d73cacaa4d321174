import type { OperatorsPage } from '../admin/index.ts';
import type { CommonSettings, ConfigOf, Settings } from '../config/index.ts';
import { appServer } from './app-server.ts';
import type { PlacedServer } from './server-set.ts';
import type { Prepared } from './start-up.ts';

/** The operators' server; undefined if the settings ask for none. */
export async function createOperatorsServer<S extends Settings>(
  { context, levels, ownNames, seat }: Prepared<S>,
  pages: readonly OperatorsPage[],
): Promise<PlacedServer | undefined> {
  const config: ConfigOf<CommonSettings> = context.config;
  const { ADMIN_PORT: port, ADMIN_HOST: host } = config;
  if (port === undefined) return undefined;
  // Loaded on demand: a program with its own server does not load Fastify otherwise.
  const [{ createAdminApp }, { createHttpGuard, prepareDrain }] = await Promise.all([
    import('../admin/index.ts'),
    import('../http/index.ts'),
  ]);
  const { logger, health, clock, renderMetrics, listen } = context;
  const { app } = await createAdminApp({
    logger,
    health,
    clock,
    renderMetrics,
    pages,
    defaultLocale: config.DEFAULT_LOCALE,
    // A page that may send requests to the service must not be able to change how it runs.
    guard: createHttpGuard({ serverHost: host, allowedHosts: ownNames, allowedOrigins: 'none' }),
    levels: { now: () => levels.now, change: (level, forMs) => seat.changeLogLevel(levels, { level, forMs }) },
  });
  const server = appServer(app, listen, prepareDrain(app.server, clock));
  const settings = { host: 'ADMIN_HOST', port: 'ADMIN_PORT' };
  return { name: 'admin', server, host, port, settings, serves: 'operators' };
}
