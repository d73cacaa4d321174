import { flag } from '@flotilla/kit/config';
import { runService } from '@flotilla/kit/service';
import { centralConfigFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { userErrors, userFieldErrors, userServiceName, userServicePort } from '@flotilla/user-contract';
import { addUserRoutes } from './routes/user-routes.ts';
import { openUserDatabase } from './store/users.ts';
import { userService } from './users.ts';

await runService(
  {
    name: userServiceName,
    defaultPort: userServicePort,
    errors: [userErrors, userFieldErrors],
    settings: {
      SEED_DEMO_DATA: flag({
        describe: 'Add the example rows to a new database; off by default if NODE_ENV is production',
        default: process.env['NODE_ENV'] !== 'production',
      }),
    },
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    async setup({ app, clock, config, health, onClose }) {
      const database = await openUserDatabase({
        url: config.DATABASE_URL,
        clock,
        seedDemoData: config.SEED_DEMO_DATA,
      });
      onClose(() => database.close());
      health.addCheck({ name: 'database', check: () => database.check() });
      addUserRoutes(app, userService({ database }));
    },
  },
  process,
);
