import { idempotencySettings, keysOfService } from '@flotilla/kit/idempotency';
import { runService } from '@flotilla/kit/service';
import { orderErrors, orderServiceName, orderServicePort } from '@flotilla/order-contract';
import { centralConfigFor, discoveryFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { createUserClient, userErrors, userFieldErrors, userServiceName } from '@flotilla/user-contract';
import { orderService } from './orders.ts';
import { addOrderRoutes } from './routes/order-routes.ts';
import { orderDatabase } from './store/orders.ts';

await runService(
  {
    name: orderServiceName,
    defaultPort: orderServicePort,
    errors: [orderErrors, userErrors, userFieldErrors],
    database: orderDatabase,
    settings: idempotencySettings,
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    setup({ app, clock, config, database, health, logger, onClose }) {
      const discovery = discoveryFor(config, { logger, clock });
      onClose(() => discovery.close());
      const users = createUserClient({ discovery, clock });
      onClose(() => users.close());
      // Not critical: without user-service, orders can still be read, changed and deleted.
      health.addCheck({ name: userServiceName, critical: false, check: () => users.check() });

      const keys = keysOfService(database, { clock, config, logger, onClose });
      addOrderRoutes(app, orderService({ database, keys, users }));
    },
  },
  process,
);
