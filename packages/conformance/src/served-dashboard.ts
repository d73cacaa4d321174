import type { TestContext } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { type Dashboard, type DashboardOptions, mountDashboard } from '@flotilla/dashboard/server';
import { openTelemetry, type Telemetry } from '@flotilla/dashboard/telemetry';
import { silentLogger } from '@flotilla/kit/logger';
import { type ServedApp, serveApp } from '@flotilla/testing/http';

/** A dashboard on a port of its own, and what it keeps. */
export interface ServedDashboard extends ServedApp {
  readonly telemetry: Telemetry;
}

/** Serves a dashboard while a test runs. By default it has no pages, no token, and nobody to ask: no fleet, registry or gateway. */
export async function servedDashboard(
  t: TestContext,
  options: Partial<DashboardOptions> = {},
): Promise<ServedDashboard> {
  const telemetry = await openTelemetry({ file: ':memory:', logger: silentLogger() });
  let mounted: Dashboard | undefined;
  const served = await serveApp((app) => {
    mounted = mountDashboard(app, {
      clock: systemClock,
      telemetry,
      pages: '/nowhere',
      token: undefined,
      port: 8090,
      senderOrigins: [],
      defaultLocale: 'en',
      project: undefined,
      parentPid: 0,
      // A list is no registry that could be asked.
      registryUrl: 'static:a=127.0.0.1:1',
      registryToken: undefined,
      gatewayUrl: 'http://127.0.0.1:1',
      gatewayAdminUrl: undefined,
      ...options,
    });
  });
  t.after(async () => {
    mounted?.drain();
    await mounted?.close();
    await served.close();
    await telemetry.close();
  });
  return { ...served, telemetry };
}
