import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { AppError, type Clock, ForeseenError, type Locale, type Logger } from '@flotilla/contracts';
import type { Health } from '../../health/index.ts';
import { contextOf } from '../../http/request-context.ts';
import { idleTracer, type Metrics, type Tracer } from '../../telemetry/index.ts';
import type { Listen, ListenAddress } from '../../workers/worker-seat.ts';
import { statusOf } from '../errors/status-of.ts';
import { acceptedEncodings, decompressionOf } from '../wire/compression.ts';
import { readTimeout } from '../wire/timeout.ts';
import { defaultLimits, type GrpcLimits } from './call-limits.ts';
import { Connections } from './connections.ts';
import { FrontDoor } from './front-door.ts';
import { healthService } from './health-service.ts';
import type { ImplementedService, Rpc } from './implement.ts';
import { observeCalls } from './observe-calls.ts';
import { reflectionServices } from './reflection-service.ts';
import { failCall, runHandler } from './run-handler.ts';
import { type CallSurroundings, ServerCall } from './server-call.ts';

/** What a gRPC server needs of its program: the context that `setup` gets has it all. */
export interface GrpcServerContext {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Default: calls have no spans. */
  readonly tracer?: Tracer;
  readonly listen: Listen;
  readonly config: { readonly DEFAULT_LOCALE: Locale };
}

/** What it serves. */
export interface GrpcServerOptions {
  /** The services, each made with `implement`. Health and reflection come with every server. */
  readonly services: readonly ImplementedService[];
  /** Default: those of {@link GrpcLimits}. */
  readonly limits?: Partial<GrpcLimits>;
  /** What a client that speaks HTTP/1 to this port reads, such as a browser. Default: that it takes gRPC alone. */
  readonly http1Answer?: string;
}

const defaultHttp1Answer =
  'This port takes gRPC alone, over HTTP/2 without TLS. Use a client of gRPC here, and the port for HTTP for everything else.';

/** A gRPC server as one of the servers of a program. */
export interface GrpcServer {
  listen(
    where: ListenAddress & { readonly name: string },
  ): Promise<{ readonly address: string; readonly port: number }>;
  /** Stops accepting connections and calls, and waits for the calls in progress; gives up when `signal` is aborted. */
  drain(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/**
 * A gRPC server with everything that a service needs: health and reflection, deadlines, limits, statuses from the table of
 * errors, request ids, traces, logs and metrics. It speaks HTTP/2 without TLS, as servers behind a mesh do.
 */
export function grpcServer(context: GrpcServerContext, options: GrpcServerOptions): GrpcServer {
  const { logger, clock, metrics, health } = context;
  const limits: GrpcLimits = { ...defaultLimits, ...options.limits };
  const tracer = context.tracer ?? idleTracer();
  const draining = new AbortController();
  const around: CallSurroundings = {
    ...{ clock, logger, tracer },
    draining: draining.signal,
    maxStallMs: limits.maxStallMs,
  };
  const contexts = { defaultLocale: context.config.DEFAULT_LOCALE, clock, tracer };
  const names = options.services.map(({ descriptor }) => descriptor.typeName);
  const own = healthService(health, new Set(names));
  const services = [...options.services, own];
  const rpcs = rpcTable([...services, ...reflectionServices(services)]);
  const observe = observeCalls({ logger, metrics, clock, tracer });
  const connections = new Connections(clock, limits);
  const server = createServer({
    settings: {
      enablePush: false,
      maxConcurrentStreams: limits.maxConcurrentCalls,
      maxHeaderListSize: limits.maxMetadataBytes,
    },
  });
  server.on('session', (session) => connections.add(session));
  server.on('stream', (stream, headers) => begin(stream, headers));
  // A connection that speaks neither HTTP/2 nor HTTP/1 is closed, which is all that its peer can understand.
  server.on('sessionError', () => undefined);
  const { http1Answer = defaultHttp1Answer } = options;
  const door = new FrontDoor({ clock, http1Answer, open: (socket) => void server.emit('connection', socket) });

  function begin(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    // The close that follows says all there is to know.
    stream.on('error', () => undefined);
    if (!isGrpc(stream, headers)) return;
    const path = headers[':path'] ?? '';
    const rpc = rpcs.get(path);
    const call = new ServerCall(stream, headers, {
      method: rpc?.name ?? path.slice(1, 200),
      context: contextOf(headers, contexts),
      around,
    });
    connections.began(stream);
    stream.once('aborted', () => call.leave());
    stream.once('close', () => {
      call.leave();
      observe(call, rpc, call.outcome?.status ?? 'CANCELLED');
    });
    try {
      admit(call, rpc, headers);
    } catch (error) {
      stream.resume();
      failCall(call, error);
    }
  }

  function admit(call: ServerCall, rpc: Rpc | undefined, headers: IncomingHttpHeaders): void {
    if (rpc === undefined)
      throw new AppError('ROUTE_NOT_FOUND', { detail: `This server has no method ${call.method}.` });
    const decompress = decompressionOf(headers['grpc-encoding']?.toString());
    if (decompress === undefined)
      throw new AppError('NOT_IMPLEMENTED', { detail: `grpc-encoding must be one of: ${acceptedEncodings}.` });
    const waitMs = timeoutOf(headers);
    const endless = rpc.handler.kind === 'server_streaming' || rpc.handler.kind === 'bidi_streaming';
    const limitMs = endless ? waitMs : Math.min(waitMs ?? limits.maxCallMs, limits.maxCallMs);
    const expired = (): void => call.expire(statusOf(new AppError('DEADLINE_EXCEEDED'), call));
    if (limitMs !== undefined && limitMs <= 0) {
      call.stream.resume();
      expired();
      return;
    }
    if (limitMs !== undefined) call.limit(limitMs, expired);
    runHandler(call, rpc, { maxMessageBytes: limits.maxMessageBytes, decompress });
  }

  return {
    listen: (where) => context.listen(door.server, where),
    async drain(signal) {
      draining.abort(new AppError('SHUTTING_DOWN'));
      door.close();
      const given = Promise.withResolvers<'late'>();
      const late = (): void => given.resolve('late');
      if (signal.aborted) late();
      signal.addEventListener('abort', late, { once: true });
      const end = await Promise.race([connections.drain(), given.promise]);
      signal.removeEventListener('abort', late);
      if (end === 'late') throw new ForeseenError('Calls were still in progress', { cause: signal.reason });
    },
    async close() {
      draining.abort(new AppError('SHUTTING_DOWN'));
      door.destroy();
      connections.destroy();
      if (door.server.listening) await new Promise((resolve) => door.server.close(resolve));
    },
  };
}

/** Whether the request is a call; otherwise it is answered as HTTP says. */
function isGrpc(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean {
  const isPost = headers[':method'] === 'POST';
  if (isPost && /^application\/grpc(?:\+proto)?(?:$|[ ;])/.test(headers['content-type'] ?? '')) return true;
  stream.respond(isPost ? { ':status': 415 } : { ':status': 405, allow: 'POST' }, { endStream: true });
  stream.resume();
  return false;
}

function timeoutOf(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['grpc-timeout'];
  if (value === undefined) return undefined;
  const waitMs = readTimeout(String(value));
  if (waitMs === undefined)
    throw new AppError('INVALID_REQUEST', {
      detail: 'grpc-timeout must be at most 8 digits and one of H, M, S, m, u, n.',
    });
  return waitMs;
}

function rpcTable(services: readonly ImplementedService[]): ReadonlyMap<string, Rpc> {
  const table = new Map<string, Rpc>();
  for (const rpc of services.flatMap((service) => service.rpcs)) {
    if (table.has(`/${rpc.name}`)) throw new Error(`${rpc.name} is implemented twice.`);
    table.set(`/${rpc.name}`, rpc);
  }
  return table;
}
