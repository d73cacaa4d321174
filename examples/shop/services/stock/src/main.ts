import { durationMs } from '@flotilla/kit/config';
import { runService } from '@flotilla/kit/service';
import { centralConfigFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { stockOf } from './stock.ts';
import { stockDatabase } from './stock-database.ts';
import { stockErrors } from './stock-errors.ts';
import { addStockRoutes } from './stock-routes.ts';

await runService(
  {
    name: 'stock',
    defaultPort: 8003,
    errors: [stockErrors],
    database: stockDatabase,
    settings: {
      HOLD_MS: durationMs({ describe: 'How long a reservation is held unless it is confirmed', default: 60_000 }),
    },
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    setup({ app, clock, config, database }) {
      addStockRoutes(app, stockOf(database, clock, config.HOLD_MS));
    },
  },
  process,
);
