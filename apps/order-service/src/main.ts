import { flag } from '@flotilla/kit/config';
import { runService } from '@flotilla/kit/service';
import { orderErrors, orderServiceName, orderServicePort } from '@flotilla/order-contract';
import { centralConfigFor, discoveryFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { createUserClient, userErrors, userFieldErrors, userServiceName } from '@flotilla/user-contract';
import { orderService } from './orders.ts';
import { addOrderRoutes } from './routes/order-routes.ts';
import { openOrderDatabase } from './store/orders.ts';

await runService(
  {
    name: orderServiceName,
    defaultPort: orderServicePort,
    errors: [orderErrors, userErrors, userFieldErrors],
    settings: {
      SEED_DEMO_DATA: flag({
        describe: 'Add the example rows to a new database; off by default if NODE_ENV is production',
        default: process.env['NODE_ENV'] !== 'production',
      }),
    },
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    async setup({ app, clock, config, health, logger, onClose }) {
      const database = await openOrderDatabase({
        url: config.DATABASE_URL,
        clock,
        seedDemoData: config.SEED_DEMO_DATA,
      });
      onClose(() => database.close());
      health.addCheck({ name: 'database', check: () => database.check() });

      const discovery = discoveryFor(config, { logger, clock });
      onClose(() => discovery.close());
      const users = createUserClient({ discovery, clock });
      onClose(() => users.close());
      // Not critical: without user-service, orders can still be read, changed and deleted.
      health.addCheck({ name: userServiceName, critical: false, check: () => users.check() });

      addOrderRoutes(app, orderService({ database, users }));
    },
  },
  process,
);
