import path from 'node:path';
import { createGateway, createSocketEngine } from '@flotilla/gateway';
import { text } from '@flotilla/kit/config';
import { runProgram } from '@flotilla/kit/service';
import { createDiscovery, createRegistrar } from '@flotilla/registry-client';
import { loadGatewayConfig } from './load-gateway-config.ts';

const ownRoutes = path.join(import.meta.dirname, '..', 'gateway.config.ts');

await runProgram(
  {
    name: 'gateway',
    defaultPort: 8080,
    settings: { GATEWAY_CONFIG: text({ describe: 'File with the routes', default: ownRoutes }) },
    registrar: ({ config, logger, clock }) => createRegistrar({ registryUrl: config.REGISTRY_URL, logger, clock }),
    async create({ config, logger, metrics, health, clock, onClose }) {
      const routes = await loadGatewayConfig(config.GATEWAY_CONFIG);
      const discovery = createDiscovery({ registryUrl: config.REGISTRY_URL, logger, clock });
      onClose(() => discovery.close());
      return createGateway({
        config: routes,
        discovery,
        createEngine: createSocketEngine,
        logger,
        metrics,
        health,
        defaultLocale: config.DEFAULT_LOCALE,
        clock,
      });
    },
  },
  process,
);
