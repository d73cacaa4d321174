import type { Clock, Locale } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { RegistryHttp, RegistryWatch, Supervisor, Troubles } from '../sources/index.ts';
import { DashboardAccess } from './access.ts';
import { actionRoutes } from './action-routes.ts';
import { EventStreams } from './event-streams.ts';
import { guardRoutes } from './guard-routes.ts';
import { loginRoutes } from './login-routes.ts';
import { OverviewFeed } from './overview-feed.ts';
import { pageRoutes } from './page-routes.ts';

/** What {@link mountDashboard} needs. */
export interface DashboardOptions {
  readonly clock: Clock;
  /** The folder of the built pages. */
  readonly pages: string;
  /** What everybody must show; undefined: nothing, because only this machine reaches it. */
  readonly token: string | undefined;
  /** The port that it listens on: cookies are of a host, whatever the port. */
  readonly port: number;
  /** Origins of other pages that may use it. */
  readonly allowedOrigins: readonly string[];
  readonly defaultLocale: Locale;
  /** The folder of the project whose fleet is shown and controlled; undefined: none. */
  readonly project: string | undefined;
  /** The process that started this one. */
  readonly parentPid: number;
  /** Of the registry. */
  readonly registryUrl: string;
  readonly registryToken: string | undefined;
}

/** A dashboard that serves. */
export interface Dashboard {
  /** Ends the streams, so that the program can stop. */
  drain(): void;
  close(): void;
}

/** Puts the dashboard on an app: its API, its pages, and who may use them. */
export function mountDashboard(app: HttpApp, options: DashboardOptions): Dashboard {
  const { clock, defaultLocale } = options;
  const access = new DashboardAccess(options.token, options.port);
  const troubles = new Troubles(clock);
  const supervisor = new Supervisor({ folder: options.project, parentPid: options.parentPid });
  const registry = RegistryHttp.of(options.registryUrl, { token: options.registryToken, clock });
  const watch = registry && new RegistryWatch({ registry, clock, troubles, onChange: () => overview.changed() });
  const overview = new OverviewFeed({
    supervisor,
    registry: () => watch?.state ?? { instances: [], failedChecks: [] },
    troubles,
    traffic: () => new Map(),
    alerts: () => [],
    clock,
  });
  troubles.onChange(() => overview.changed());
  const streams = new EventStreams(clock);

  guardRoutes(app, access, options.allowedOrigins);
  loginRoutes(app, access, defaultLocale);
  app.get('/api/overview', { config: { requestLogLevel: 'debug' } }, () => overview.current());
  streams.serve(app, '/api/events', (stream) => {
    void overview.current().then((first) => stream.send('overview', first));
    return overview.follow((next) => stream.send('overview', next));
  });
  actionRoutes(app, supervisor, () => overview.changed());
  pageRoutes(app, options.pages, defaultLocale);

  watch?.start();
  overview.start();
  return {
    drain: () => streams.close(),
    close() {
      overview.close();
      watch?.close();
      registry?.close();
    },
  };
}
