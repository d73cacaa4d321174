import { resolve } from 'node:path';
import { databaseFile, integer } from '@flotilla/kit/config';
import { runService } from '@flotilla/kit/service';
import { createRegistry, openSqliteStore, registryMetrics, registryRoutes } from '@flotilla/registry';

await runService(
  {
    name: 'service-registry',
    defaultPort: 8500,
    // No registrar: the registry is what others register with.
    settings: {
      MAX_WATCHES: integer({
        describe: 'The most watch streams served at the same time',
        default: 4_096,
        min: 1,
        max: 100_000,
      }),
    },
    async setup({ app, clock, config, health, logger, metrics, onClose, onDrain }) {
      const file = databaseFile(config.DATABASE_URL);
      const registry = await createRegistry({
        store: openSqliteStore({ file, clock }),
        clock,
        maxWatches: config.MAX_WATCHES,
        onMembership: ({ kind, name, id }) => {
          const fields = { name, id };
          if (kind === 'added') logger.info(fields, 'instance registered');
          else if (kind === 'expired') logger.warn(fields, 'instance removed: its lease has run out');
          else logger.info({ ...fields, reason: kind }, 'instance removed');
        },
        onBackgroundError: (error, doing) => logger.error({ err: error, doing }, 'could not do background work'),
      });
      onDrain(() => registry.endWatches());
      onClose(() => registry.close());
      health.addCheck({ name: 'database', check: () => registry.check() });
      registryMetrics(registry, metrics);
      registryRoutes(app, registry, { clock });
      const { instances, revision } = registry.stats();
      logger.info({ instances, revision, database: resolve(file) }, 'state loaded');
    },
  },
  process,
);
