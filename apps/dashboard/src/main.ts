#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { mountDashboard } from '@flotilla/dashboard/server';
import { openTelemetry } from '@flotilla/dashboard/telemetry';
import { sqliteFile } from '@flotilla/kit/config';
import { runService } from '@flotilla/kit/service';
import { registryUrls } from '@flotilla/registry-client';
import { dashboardSettings, requireToken } from './settings.ts';

await runService(
  {
    name: 'dashboard',
    defaultPort: 8090,
    // No registrar: it looks at the fleet, and nobody calls it.
    registryUrls,
    settings: dashboardSettings,
    async setup(context) {
      const { app, clock, config, logger, onClose, onDrain } = context;
      requireToken(config);
      const telemetry = await openTelemetry({
        file: sqliteFile(config.DATABASE_URL),
        maxBytes: config.TELEMETRY_MAX_BYTES,
        maxAgeMs: config.TELEMETRY_MAX_AGE_MS,
        logger,
        clock,
      });
      onClose(() => telemetry.close());
      const dashboard = mountDashboard(app, {
        clock,
        telemetry,
        collectorPorts: {
          http: config.OTLP_HTTP_PORT,
          grpc: config.OTLP_GRPC_PORT,
          host: config.SERVER_HOST,
          context,
        },
        pages: fileURLToPath(new URL('../assets', import.meta.url)),
        token: config.DASHBOARD_TOKEN,
        port: config.SERVER_PORT,
        senderOrigins: config.ALLOWED_ORIGINS,
        defaultLocale: config.DEFAULT_LOCALE,
        project: config.FLEET_FOLDER,
        parentPid: process.ppid,
        registryUrl: config.REGISTRY_URL,
        registryToken: config.REGISTRY_TOKEN,
        gatewayUrl: config.GATEWAY_URL,
        gatewayAdminUrl: config.GATEWAY_ADMIN_URL,
      });
      onDrain(() => dashboard.drain());
      onClose(() => dashboard.close());
    },
  },
  process,
);
