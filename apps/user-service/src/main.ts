import { idempotencySettings, keysOfService } from '@flotilla/kit/idempotency';
import { runService } from '@flotilla/kit/service';
import { centralConfigFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { userErrors, userFieldErrors, userServiceName, userServicePort } from '@flotilla/user-contract';
import { addUserRoutes } from './routes/user-routes.ts';
import { userDatabase } from './store/users.ts';
import { userService } from './users.ts';

await runService(
  {
    name: userServiceName,
    defaultPort: userServicePort,
    errors: [userErrors, userFieldErrors],
    database: userDatabase,
    settings: idempotencySettings,
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    setup({ app, database, ...context }) {
      addUserRoutes(app, userService({ database, keys: keysOfService(database, context) }));
    },
  },
  process,
);
