import { type Clock, type Logger, systemClock } from '@flotilla/contracts';
import { type GrpcLimits, type GrpcServer, grpcServer, type ImplementedService } from '@flotilla/kit/grpc';
import { createHealth, type Health } from '@flotilla/kit/health';
import { silentLogger } from '@flotilla/kit/logger';
import { createMetrics, type Metrics, type Tracer } from '@flotilla/kit/telemetry';
import { listenAlone } from '@flotilla/kit/workers';

/** A gRPC server for tests that listens on loopback. */
export interface ServedGrpc {
  readonly server: GrpcServer;
  readonly port: number;
  /** `127.0.0.1:50051` */
  readonly authority: string;
  readonly health: Health;
  readonly metrics: Metrics;
}

/** Serves these services on a free port of loopback, in the state `ready`. Close `server` in the end. */
export async function serveGrpc(
  services: readonly ImplementedService[],
  options: {
    readonly logger?: Logger;
    readonly clock?: Clock;
    readonly limits?: Partial<GrpcLimits>;
    readonly port?: number;
    /** Default: calls have no spans. */
    readonly tracer?: Tracer;
  } = {},
): Promise<ServedGrpc> {
  const clock = options.clock ?? systemClock;
  const health = createHealth({ clock });
  const metrics = createMetrics();
  const listen = listenAlone;
  const logger = options.logger ?? silentLogger();
  const config = { DEFAULT_LOCALE: 'en' } as const;
  const { tracer } = options;
  const context = { logger, health, metrics, clock, listen, config, ...(tracer === undefined ? {} : { tracer }) };
  const server = grpcServer(context, { services, ...(options.limits === undefined ? {} : { limits: options.limits }) });
  const { port } = await server.listen({ name: 'grpc', host: '127.0.0.1', port: options.port ?? 0 });
  health.setState('ready');
  return { server, port, authority: `127.0.0.1:${port}`, health, metrics };
}
