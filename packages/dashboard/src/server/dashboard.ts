import type { Clock, Locale, ServiceInstance } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import { Collector, otlpRoutes } from '../collector/index.ts';
import { Gateway, RegistryHttp, RegistryWatch, Supervisor, Troubles } from '../sources/index.ts';
import type { Telemetry } from '../telemetry/index.ts';
import { DashboardAccess } from './access.ts';
import { actionRoutes } from './action-routes.ts';
import { alertRoutes } from './alert-routes.ts';
import { letBrowsersSend } from './browser-senders.ts';
import { CentralConfig } from './central-config.ts';
import { type CollectorPorts, OpenPorts } from './collector-ports.ts';
import { configRoutes } from './config-routes.ts';
import { documentRoutes } from './document-routes.ts';
import { EventStreams, noQuery } from './event-streams.ts';
import { gatewayRoutes } from './gateway-routes.ts';
import { guardRoutes } from './guard-routes.ts';
import { loginRoutes } from './login-routes.ts';
import { metricRoutes } from './metric-routes.ts';
import { OverviewFeed } from './overview-feed.ts';
import { pageRoutes } from './page-routes.ts';
import { registryRoutes } from './registry-routes.ts';
import { telemetryRoutes } from './telemetry-routes.ts';
import { liveRangeMs, TopologyFeed } from './topology-feed.ts';
import { tryRoutes } from './try-routes.ts';

/** What {@link mountDashboard} needs. */
export interface DashboardOptions {
  readonly clock: Clock;
  /** What programs have sent. */
  readonly telemetry: Telemetry;
  /** Where it takes telemetry besides its own port. Default: nowhere. */
  readonly collectorPorts?: CollectorPorts | undefined;
  /** The folder of the built pages. */
  readonly pages: string;
  /** What everybody must show; undefined: nothing, because only this machine reaches it. */
  readonly token: string | undefined;
  /** The port that it listens on: cookies are of a host, whatever the port. */
  readonly port: number;
  /** Origins of other pages that may send telemetry, and nothing else; `*` for all. */
  readonly senderOrigins: readonly string[];
  readonly defaultLocale: Locale;
  /** The folder of the project whose fleet is shown and controlled; undefined: none. */
  readonly project: string | undefined;
  /** The process that started this one. */
  readonly parentPid: number;
  /** Of the registry. */
  readonly registryUrl: string;
  readonly registryToken: string | undefined;
  /** Where the gateway takes requests, and where it tells operators of its routes. */
  readonly gatewayUrl: string;
  readonly gatewayAdminUrl: string | undefined;
}

/** A dashboard that serves. */
export interface Dashboard {
  /** Ends the streams, so that the program can stop. */
  drain(): void;
  close(): Promise<void>;
}

/** Over how long the traffic of the overview is measured. */
const trafficRangeMs = 60_000;

const rangeQuery: z.ZodType<{ readonly range_ms: number }> = z.strictObject({
  range_ms: z.coerce.number().int().min(1_000).max(86_400_000).default(liveRangeMs),
});

/** Puts the dashboard on an app: its API, its pages, and who may use them. */
export function mountDashboard(app: HttpApp, options: DashboardOptions): Dashboard {
  const { clock, defaultLocale, telemetry } = options;
  const access = new DashboardAccess(options.token, options.port);
  const troubles = new Troubles(clock);
  const supervisor = new Supervisor({ folder: options.project, parentPid: options.parentPid });
  const registry = RegistryHttp.of(options.registryUrl, { token: options.registryToken, clock });
  const watch = registry && new RegistryWatch({ registry, clock, troubles, onChange: () => overview.changed() });
  const overview = new OverviewFeed({
    supervisor,
    registry: () => watch?.state ?? { instances: [], failedChecks: [] },
    troubles,
    look() {
      troubles.note('store', telemetry.status().trouble?.message);
      troubles.note('collector', collector.trouble?.message ?? ports.trouble);
    },
    traffic: () => telemetry.queries.traffic(clock.now() - trafficRangeMs, clock.now()),
    alerts: () => alerts.lasting,
    clock,
  });
  troubles.onChange(() => overview.changed());
  const ports = new OpenPorts();
  const collector = new Collector((...sent) => telemetry.receive(...sent), clock);
  const topology = new TopologyFeed({ telemetry, instances: () => watch?.state.instances ?? [], clock });
  const streams = new EventStreams(clock);
  const { gatewayUrl } = options;
  const gateway = new Gateway({ url: options.gatewayAdminUrl ?? gatewayUrl, clock });
  const instances = (): readonly ServiceInstance[] => watch?.state.instances ?? [];

  guardRoutes(app, access);
  otlpRoutes(app, collector, (scope) => {
    // Before the guard: a browser shows a page a refusal only with these headers, too.
    letBrowsersSend(scope, options.senderOrigins);
    guardRoutes(scope, access, options.senderOrigins);
  });
  const alerts = alertRoutes(app, {
    ...{ clock, telemetry, gateway, gatewayUrl, project: options.project },
    overview: () => overview.current(),
    onChange: () => overview.changed(),
  });
  loginRoutes(app, access, defaultLocale);
  const config = { requestLogLevel: 'debug' } as const;
  app.get('/api/overview', { config }, () => overview.current());
  streams.serve(app, { path: '/api/events', query: noQuery }, (stream) => {
    void overview.current().then((first) => stream.send('overview', first));
    const ends = [
      overview.follow((next) => stream.send('overview', next)),
      topology.follow((next) => stream.send('topology', next)),
    ];
    return () => {
      for (const end of ends) end();
    };
  });
  app.get('/api/topology', { config, schema: { querystring: rangeQuery } }, ({ query }) =>
    topology.read(query.range_ms),
  );
  metricRoutes(app, telemetry.queries, clock);
  const gateways = async (): Promise<readonly string[]> =>
    (await overview.current()).programs.filter(({ role }) => role === 'gateway').map(({ name }) => name);
  telemetryRoutes(app, { telemetry, streams, gateways });
  actionRoutes(app, supervisor, () => overview.changed());
  registryRoutes(app, registry);
  configRoutes(app, new CentralConfig(registry));
  gatewayRoutes(app, gateway, troubles);
  tryRoutes(app, { gatewayUrl, instances, clock });
  documentRoutes(app, { gatewayUrl, instances, clock });
  pageRoutes(app, options.pages, defaultLocale);

  const { collectorPorts } = options;
  if (collectorPorts !== undefined)
    app.server.once('listening', () => void ports.open(app, collector, collectorPorts).then(() => overview.changed()));
  watch?.start();
  overview.start();
  alerts.start();
  return {
    drain: () => streams.close(),
    async close() {
      overview.close();
      alerts.close();
      await ports.close();
      watch?.close();
      registry?.close();
      gateway.close();
    },
  };
}
