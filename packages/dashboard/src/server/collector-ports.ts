import { createServer, type RequestListener } from 'node:http';
import type { Logger } from '@flotilla/contracts';
import type { GrpcServerContext } from '@flotilla/kit/grpc';
import type { HttpApp } from '@flotilla/kit/http';
import { findPortHolder } from '@flotilla/kit/service';
import { type Collector, otlpGrpcServer } from '../collector/index.ts';

type Listen = GrpcServerContext['listen'];

/** The ports where programs that know nothing of the dashboard send their telemetry, by OpenTelemetry's convention. */
export interface CollectorPorts {
  /** For OTLP over HTTP; 0: none. */
  readonly http: number;
  /** For OTLP over gRPC; 0: none. Only programs on this machine reach it. */
  readonly grpc: number;
  /** Where the port for HTTP listens. */
  readonly host: string;
  readonly context: GrpcServerContext;
}

interface Port {
  readonly title: string;
  readonly port: number;
  listen(): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Opens the ports that are free. One that is not is no reason not to start: another collector has it, and the programs of the fleet
 * know the dashboard's own port.
 */
export class OpenPorts {
  #ports: readonly Port[] = [];
  #trouble: string | undefined;

  /** Why some are not open, for people; undefined: all are. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  async open(app: HttpApp, collector: Collector, wanted: CollectorPorts): Promise<void> {
    this.#ports = [httpPort(app, wanted), grpcPort(collector, wanted)].filter(({ port }) => port > 0);
    const told = await Promise.all(this.#ports.map((each) => open(each, wanted.context.logger)));
    const troubles = told.filter((trouble) => trouble !== undefined);
    const instead = 'Programs outside the fleet can send OTLP over HTTP to the port of the dashboard itself.';
    if (troubles.length > 0) this.#trouble = [...troubles, instead].join(' ');
  }

  async close(): Promise<void> {
    await Promise.all(this.#ports.map((each) => each.close().catch(() => undefined)));
  }
}

/** Not by the context's own: it would hand the sockets over to the next process, and who sends telemetry asks again anyway. */
const listenPlainly: Listen = (server, { host, port }) =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve({ address: host ?? '', port });
    });
  });

async function open({ title, port, listen }: Port, logger: Logger): Promise<string | undefined> {
  try {
    await listen();
    return undefined;
  } catch (error) {
    const holder = await findPortHolder(port);
    const who = holder === undefined ? '' : ` by process ${holder.pid} (${holder.command})`;
    const isInUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const why = isInUse
      ? `is in use${who}`
      : `cannot be opened (${error instanceof Error ? error.message : String(error)})`;
    const trouble = `Port ${port} for ${title} ${why}, so the dashboard takes nothing there.`;
    logger.warn({ port }, trouble);
    return trouble;
  }
}

/** Answers as the app does, but only what has to do with OTLP. */
function httpPort(app: HttpApp, { http: port, host }: CollectorPorts): Port {
  const answer: RequestListener = (request, response) => {
    if (request.url?.startsWith('/v1/') === true) app.server.emit('request', request, response);
    else
      response
        .writeHead(404, { 'content-type': 'text/plain', connection: 'close' })
        .end(`This port takes OTLP at /v1/traces, /v1/metrics and /v1/logs. The dashboard is on another port.\n`);
  };
  const server = createServer(answer);
  return {
    title: 'OTLP over HTTP',
    port,
    listen: () => listenPlainly(server, { name: 'otlp-http', host, port }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function grpcPort(collector: Collector, { http, grpc: port, context }: CollectorPorts): Port {
  const server = otlpGrpcServer({ ...context, listen: listenPlainly }, collector, http);
  return {
    title: 'OTLP over gRPC',
    port,
    listen: () => server.listen({ name: 'otlp-grpc', host: '127.0.0.1', port }),
    close: () => server.close(),
  };
}
