import { dirname } from 'node:path';
import type { Clock } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { AlertWatch, gatherFacts } from '../alerts/index.ts';
import type { Gateway } from '../sources/index.ts';
import type { Telemetry } from '../telemetry/index.ts';
import type { Alerts, Overview } from '../wire/index.ts';

/** What {@link alertRoutes} needs. */
export interface AlertRoutesOptions {
  readonly clock: Clock;
  readonly overview: () => Promise<Overview>;
  readonly telemetry: Telemetry;
  readonly gateway: Gateway;
  readonly gatewayUrl: string;
  /** The folder of the project; undefined: none. */
  readonly project: string | undefined;
  /** Is called when the alerts have changed. */
  readonly onChange: () => void;
}

/** Watches over the fleet, and tells what is the matter: `GET /api/alerts`. Start and close what it returns. */
export function alertRoutes(app: HttpApp, options: AlertRoutesOptions): AlertWatch {
  const { clock, overview, telemetry, gateway, gatewayUrl, project, onChange } = options;
  const gather = gatherFacts({
    clock,
    overview,
    topology: (fromMs, toMs) => telemetry.queries.topology(fromMs, toMs),
    upstreams: () => gateway.upstreams(),
    // What programs write, they write in the folder of the project, unless somebody says otherwise.
    folders: [...(project === undefined ? [] : [project]), dirname(telemetry.status().file)],
    gatewayUrl,
  });
  const watch = new AlertWatch({ gather, clock, onChange });
  app.get('/api/alerts', { config: { requestLogLevel: 'debug' } }, (): Alerts => ({ alerts: watch.alerts }));
  return watch;
}
