import type { Clock, Locale } from '@flotilla/contracts';
import type { Health } from '../health/index.ts';
import { createHttpApp, type HttpApp, type HttpGuard } from '../http/index.ts';
import type { Logger } from '../logger/index.ts';
import { createMetrics, type RenderMetrics } from '../telemetry/index.ts';
import { addLogLevelRoutes, type LogLevels } from './log-level-routes.ts';
import { addOperatorsPages, type OperatorsPage } from './operators-page.ts';

/** What {@link createAdminApp} needs. */
export interface AdminAppOptions {
  readonly logger: Logger;
  readonly health: Health;
  readonly clock: Clock;
  /** Renders the metrics of the whole program. */
  readonly renderMetrics: RenderMetrics;
  readonly levels: LogLevels;
  /** The program's own. */
  readonly pages: readonly OperatorsPage[];
  readonly guard: HttpGuard;
  readonly defaultLocale: Locale;
}

/**
 * What operators and their machines need of a running program, on a port of their own: detailed probes, metrics, the log level.
 * As strict as any of our apps, but its requests are not counted among the program's.
 */
export async function createAdminApp(options: AdminAppOptions): Promise<{ readonly app: HttpApp }> {
  const { levels, pages, ...appOptions } = options;
  const { app } = await createHttpApp({ ...appOptions, metrics: createMetrics(), addresses: 'all' });
  addLogLevelRoutes(app, levels, options.clock);
  addOperatorsPages(app, pages);
  return { app };
}
