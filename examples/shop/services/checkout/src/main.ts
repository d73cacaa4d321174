import { durationMs, integer } from '@flotilla/kit/config';
import { runService } from '@flotilla/kit/service';
import { orderErrors, orderServiceName } from '@flotilla/order-contract';
import { centralConfigFor, discoveryFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { userErrors } from '@flotilla/user-contract';
import { checkoutErrors } from './checkout-errors.ts';
import { addCheckoutRoutes } from './checkout-routes.ts';
import { serviceClient } from './service-client.ts';

await runService(
  {
    name: 'checkout',
    defaultPort: 8004,
    errors: [checkoutErrors, orderErrors, userErrors],
    settings: {
      TOTAL_DEADLINE_MS: durationMs({ describe: 'How long adding up orders may take', default: 3_000 }),
      TOTAL_PAGE_SIZE: integer({ describe: 'How many orders are read at once', default: 200, min: 1, max: 1_000 }),
    },
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    setup({ app, clock, config, logger, onClose }) {
      const discovery = discoveryFor(config, { logger, clock });
      const orders = serviceClient(orderServiceName, orderErrors.ORDER_SERVICE_UNAVAILABLE, { discovery, clock });
      const stock = serviceClient('stock', checkoutErrors.STOCK_UNAVAILABLE, { discovery, clock });
      onClose(() => discovery.close());
      onClose(() => [orders, stock].forEach((client) => client.close()));
      addCheckoutRoutes(app, {
        services: { stock, orders, logger },
        total: { orders, clock, pageSize: config.TOTAL_PAGE_SIZE, deadlineMs: config.TOTAL_DEADLINE_MS },
      });
    },
  },
  process,
);
