import { createGateway, createGatewayGuard, createSocketEngine, defineGateway } from '@flotilla/gateway';
import { integer, text } from '@flotilla/kit/config';
import { type ProcessHost, runProgram } from '@flotilla/kit/service';
import type { WorkerSeat } from '@flotilla/kit/workers';
import { discoveryFor } from '@flotilla/registry-client';

const settings = {
  UPSTREAM_PORT: integer({ describe: 'Where the upstream listens', default: 0 }),
  TLS_PORT: integer({ describe: 'Where to serve HTTPS', optional: true }),
  TLS_CERT_FILE: text({ describe: 'Certificate', default: '' }),
  TLS_KEY_FILE: text({ describe: 'Its key', default: '' }),
};

/** One worker of the gateway that is measured. */
export function runMeasuredGateway(host: ProcessHost, seat: WorkerSeat): Promise<void> {
  return runProgram(
    {
      name: 'gateway',
      defaultPort: 8080,
      settings,
      create({ config, logger, metrics, tracer, renderMetrics, health, clock, listen }) {
        const { TLS_PORT: tlsPort, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = config;
        const guard = createGatewayGuard({
          serverHost: config.SERVER_HOST,
          allowedHosts: config.ALLOWED_HOSTS,
          allowedOrigins: config.ALLOWED_ORIGINS,
          networkNames: [],
        });
        const gateway = createGateway({
          config: defineGateway({
            routes: [{ kind: 'proxy', match: '/', service: 'upstream' }],
            // All load comes from one address.
            limits: { connectionsPerClient: 10_000 },
          }),
          discovery: discoveryFor(`static:upstream=127.0.0.1:${config.UPSTREAM_PORT}`, { logger }),
          createEngine: createSocketEngine,
          ...(guard !== undefined && { guard }),
          ...(tlsPort !== undefined && { tls: { port: tlsPort, certFile, keyFile } }),
          logger,
          metrics,
          tracer,
          renderMetrics,
          listen,
          health,
          clock,
        });
        return Promise.resolve(gateway);
      },
    },
    host,
    { seat },
  );
}
