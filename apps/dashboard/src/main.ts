#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { mountDashboard } from '@flotilla/dashboard/server';
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
    setup({ app, clock, config, onClose, onDrain }) {
      requireToken(config);
      const dashboard = mountDashboard(app, {
        clock,
        pages: fileURLToPath(new URL('../assets', import.meta.url)),
        token: config.DASHBOARD_TOKEN,
        port: config.SERVER_PORT,
        allowedOrigins: config.ALLOWED_ORIGINS,
        defaultLocale: config.DEFAULT_LOCALE,
        project: config.FLEET_FOLDER,
        parentPid: process.ppid,
        registryUrl: config.REGISTRY_URL,
        registryToken: config.REGISTRY_TOKEN,
      });
      onDrain(() => dashboard.drain());
      onClose(() => dashboard.close());
    },
  },
  process,
);
