import { databaseFile } from '@flotilla/kit/config';
import { runService } from '@flotilla/kit/service';
import { createRegistrar } from '@flotilla/registry-client';
import { userServiceName, userServicePort } from '@flotilla/user-contract';
import { addUserRoutes } from './routes/user-routes.ts';
import { openSqliteUserStore } from './store/sqlite-user-store.ts';

await runService(
  {
    name: userServiceName,
    defaultPort: userServicePort,
    registrar: ({ config, logger, clock }) => createRegistrar({ registryUrl: config.REGISTRY_URL, logger, clock }),
    setup({ app, clock, config, health, onClose }) {
      const store = openSqliteUserStore(databaseFile(config.DATABASE_URL), clock.now());
      onClose(() => store.close());
      health.addCheck({ name: 'database', check: () => store.check() });
      addUserRoutes(app, store);
    },
  },
  process,
);
