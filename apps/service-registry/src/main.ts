#!/usr/bin/env node
import { resolve } from 'node:path';
import { flag, integer, sqliteFile } from '@flotilla/kit/config';
import { whenUnlocked } from '@flotilla/kit/database/sqlite';
import { runService } from '@flotilla/kit/service';
import {
  consulRoutes,
  createRegistry,
  eurekaRoutes,
  openSqliteStore,
  registryMetrics,
  registryRoutes,
} from '@flotilla/registry';
import { accessSettings, openAccess } from './access-settings.ts';
import { consulSettings, ownNode } from './consul-settings.ts';
import { dnsDeclaration, dnsServer, dnsSettings } from './dns.ts';
import { guardSettings, trailBoundsOf } from './guard-settings.ts';
import { limitConnections } from './limit-connections.ts';
import { keyLimitsOf, limitSettings, limitsOf } from './limit-settings.ts';
import { logNotice } from './log-notice.ts';

await runService(
  {
    name: 'service-registry',
    defaultPort: 8500,
    // No registrar: the registry is what others register with.
    settings: {
      MAX_WATCHES: integer({
        describe: 'Maximum number of watches at the same time, streams and long polls together',
        default: 16_384,
        min: 1,
        max: 100_000,
      }),
      ...limitSettings,
      ...guardSettings,
      ...accessSettings,
      ...dnsSettings,
      ALLOW_LINK_LOCAL: flag({
        describe:
          'Whether link-local addresses (169.254.0.0/16, fe80::/10) and other addresses where clouds hand out credentials may be registered, and asked by checks',
        default: false,
      }),
      ...consulSettings,
    },
    servers: { dns: dnsDeclaration },
    async setup(context) {
      const { app, clock, config, health, logger, metrics, onClose, onDrain } = context;
      const access = openAccess({ config, logger, clock, onClose });
      const file = sqliteFile(config.DATABASE_URL);
      const onBackgroundError = (error: unknown, doing: string): void =>
        logger.error({ err: error, doing }, 'background work failed');
      const registry = await createRegistry({
        // A process that still holds the file, or copies it, gets the time to finish.
        store: await whenUnlocked(() => openSqliteStore({ file, clock, trail: trailBoundsOf(config) }), {
          clock,
          limitMs: 2_000,
        }),
        clock,
        maxWatches: config.MAX_WATCHES,
        limits: limitsOf(config),
        guard: { sharePercent: config.MASS_LOSS_SHARE, holdMs: config.MASS_LOSS_HOLD_MS },
        keyLimits: keyLimitsOf(config),
        allowLinkLocal: config.ALLOW_LINK_LOCAL,
        onMembership: ({ kind, name, id }) => {
          const fields = { name, id };
          if (kind === 'added') logger.info(fields, 'instance registered');
          else if (kind === 'expired') logger.warn(fields, 'instance removed: its lease has expired');
          else logger.info({ ...fields, reason: kind }, 'instance removed');
        },
        onNotice: (notice) => logNotice(logger, notice),
        onBackgroundError,
      });
      onDrain(() => registry.endWatches());
      onClose(() => registry.close());
      health.addCheck({ name: 'database', check: () => registry.check() });
      registryMetrics(registry, metrics);
      const node = ownNode(config);
      const allowLinkLocal = config.ALLOW_LINK_LOCAL;
      limitConnections(app.server, config.MAX_CONNECTIONS_PER_CLIENT, logger, config.DEFAULT_LOCALE);
      registryRoutes(app, registry, { access, clock, metrics, allowLinkLocal });
      consulRoutes(app, registry, {
        ...{ access, node, clock, allowLinkLocal, onBackgroundError },
        unknownCheckStatus: config.CONSUL_UNKNOWN_CHECK === '404' ? 404 : 500,
      });
      eurekaRoutes(app, registry, { access, clock, allowLinkLocal });
      const { instances, revision } = registry.stats();
      logger.info({ instances, revision, database: resolve(file) }, 'state loaded');
      return { dns: dnsServer(registry, node, context) };
    },
  },
  process,
);
