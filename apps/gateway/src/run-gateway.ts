import {
  createGateway,
  createGatewayGuard,
  createSocketEngine,
  type GatewayInside,
  gatewayPages,
} from '@flotilla/gateway';
import { durationMs, text } from '@flotilla/kit/config';
import { networkNames } from '@flotilla/kit/guard';
import { type ProcessHost, runProgram } from '@flotilla/kit/service';
import type { WorkerSeat } from '@flotilla/kit/workers';
import { centralConfigFor, discoveryFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { loadGatewayConfig } from './load-gateway-config.ts';
import { openFileLimit } from './open-file-limit.ts';
import { explainTlsListenFailure, loadTls, tlsSettings } from './tls-settings.ts';

const settings = {
  GATEWAY_CONFIG: text({ describe: 'File with the routes', default: 'gateway.config.ts' }),
  RELOAD_DRAIN_TIMEOUT_MS: durationMs({
    describe: 'How long replaced workers may take to finish what they have begun after a reload',
    default: 600_000,
    max: 86_400_000,
  }),
  WORKER_HANG_LIMIT_MS: durationMs({
    describe: 'How long a worker may be unresponsive before the gateway replaces it, if there are several; 0: forever',
    // As long as the supervisor gives whole programs (--hang-limit).
    default: 30_000,
    max: 3_600_000,
  }),
  ...tlsSettings,
};

/** Runs the gateway in this process, one of several that share its port. */
export function runGateway(host: ProcessHost, seat: WorkerSeat): Promise<void> {
  let inside: GatewayInside | undefined;
  return runProgram(
    {
      name: 'gateway',
      defaultPort: 8080,
      settings,
      workerLimits: (config) => ({
        retireTimeoutMs: config.RELOAD_DRAIN_TIMEOUT_MS,
        hangLimitMs: config.WORKER_HANG_LIMIT_MS,
      }),
      operatorsPages: gatewayPages(() => inside),
      registryUrls,
      registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
      centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
      async create(context) {
        const { config, logger, metrics, tracer, renderMetrics, health, clock, workers, listen, onClose } = context;
        const routes = await loadGatewayConfig(config.GATEWAY_CONFIG);
        const tls = await loadTls(config);
        const discovery = discoveryFor(config, { logger, clock });
        onClose(() => discovery.close());
        const guard = createGatewayGuard({
          serverHost: config.SERVER_HOST,
          allowedHosts: config.ALLOWED_HOSTS,
          allowedOrigins: config.ALLOWED_ORIGINS,
          networkNames: networkNames(),
        });
        const openFiles = openFileLimit();
        const gateway = createGateway({
          config: routes,
          discovery,
          createEngine: createSocketEngine,
          logger,
          metrics,
          renderMetrics,
          states: context,
          tracer,
          addresses: config.ADMIN_PORT === undefined ? 'all' : 'callers',
          workers,
          ...(openFiles === undefined ? {} : { openFiles }),
          listen,
          health,
          documents: config.API_DOCS,
          defaultLocale: config.DEFAULT_LOCALE,
          clock,
          // All workers of a program have the same seed.
          ...(seat.instanceSeed === undefined ? {} : { viaSuffix: seat.instanceSeed }),
          ...(guard === undefined ? {} : { guard }),
          ...(tls === undefined ? {} : { tls }),
        });
        inside = gateway.inside;
        if (tls === undefined) return gateway;
        return {
          ...gateway,
          async listen(where) {
            try {
              const bound = await gateway.listen(where);
              logger.info({ port: bound.tlsPort }, 'listening for HTTPS');
              return bound;
            } catch (error) {
              throw explainTlsListenFailure(error, tls.port) ?? error;
            }
          },
        };
      },
    },
    host,
    { seat },
  );
}
