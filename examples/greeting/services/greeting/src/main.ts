import { runService } from '@flotilla/kit/service';
import { centralConfigFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { addGreetingRoutes } from './greeting-routes.ts';

await runService(
  {
    name: 'greeting',
    defaultPort: 8003,
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    setup({ app, clock }) {
      addGreetingRoutes(app, clock);
    },
  },
  process,
);
