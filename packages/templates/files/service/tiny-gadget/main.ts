import { runService } from '@flotilla/kit/service';
import { centralConfigFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { addTinyGadgetRoutes } from './tiny-gadget-routes.ts';
import { tinyGadgetDatabase, tinyGadgetStore } from './tiny-gadget-store.ts';

await runService(
  {
    name: 'tiny-gadget-service',
    defaultPort: 8001,
    database: tinyGadgetDatabase,
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    setup({ app, database }) {
      addTinyGadgetRoutes(app, tinyGadgetStore(database));
    },
  },
  process,
);
