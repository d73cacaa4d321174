import { systemClock } from '@flotilla/contracts';
import { createGateway, createSocketEngine, defineGateway } from '@flotilla/gateway';
import { createHealth } from '@flotilla/kit/health';
import { createLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { discoveryFor } from '@flotilla/registry-client';

/** The gateway as a user runs it, with a fixed upstream in place of the registry: `flotilla-proxy.ts <port> <upstream port>`. */
const [port = 0, upstreamPort = 0] = process.argv.slice(2).map(Number);

const logger = createLogger({ service: 'gateway', instance: 'bench', level: 'warn', format: 'json' });
const clock = systemClock;
const discovery = discoveryFor(`static:upstream=127.0.0.1:${upstreamPort}`, { logger });
const gateway = createGateway({
  config: defineGateway({
    routes: [{ kind: 'proxy', match: '/', service: 'upstream' }],
    // All load comes from one address.
    limits: { connectionsPerClient: 10_000 },
  }),
  discovery,
  createEngine: createSocketEngine,
  logger,
  metrics: createMetrics(),
  health: createHealth({ clock }),
  clock,
});
const bound = await gateway.listen({ host: '127.0.0.1', port });
console.log(`listening on ${bound.port}`);
