import { runService } from '@flotilla/kit/service';
import { centralConfigFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { addTinyGadgetRoutes } from './tiny-gadget-routes.ts';
import { openTinyGadgetDatabase, tinyGadgetStore } from './tiny-gadget-store.ts';

await runService(
  {
    name: 'tiny-gadget-service',
    defaultPort: 8001,
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    async setup({ app, clock, config, health, onClose }) {
      const database = await openTinyGadgetDatabase({ url: config.DATABASE_URL, clock });
      onClose(() => database.close());
      health.addCheck({ name: 'database', check: () => database.check() });
      addTinyGadgetRoutes(app, tinyGadgetStore(database));
    },
  },
  process,
);
