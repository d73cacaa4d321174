import type { Clock, Locale } from '@flotilla/contracts';
import type { Health } from '../health/index.ts';
import { createHttpApp, type HttpApp, type HttpGuard } from '../http/index.ts';
import type { Logger } from '../logger/index.ts';
import { createMetrics, type RenderMetrics } from '../telemetry/index.ts';
import { addLogLevelRoutes, type LogLevels } from './log-level-routes.ts';

/** What {@link createAdminApp} needs. */
export interface AdminAppOptions {
  readonly logger: Logger;
  readonly health: Health;
  readonly clock: Clock;
  /** Shows what the whole program has counted. */
  readonly renderMetrics: RenderMetrics;
  readonly levels: LogLevels;
  readonly guard: HttpGuard;
  readonly defaultLocale: Locale;
}

/**
 * What operators and their machines ask of a running program, on a port of their own: probes with their details, metrics, the level
 * of the log. As strict as any app of ours; but what is asked here is not counted among the program's requests.
 */
export async function createAdminApp(options: AdminAppOptions): Promise<{ readonly app: HttpApp }> {
  const { levels, ...appOptions } = options;
  const { app } = await createHttpApp({ ...appOptions, metrics: createMetrics(), addresses: 'all' });
  addLogLevelRoutes(app, levels, options.clock);
  return { app };
}
