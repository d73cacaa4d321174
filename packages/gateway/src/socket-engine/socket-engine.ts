import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { DEFAULT_LIMITS, DEFAULT_RESPONSE_LIMITS } from '@flotilla/http1';
import type { Metrics } from '@flotilla/kit/telemetry';
import { listenAlone } from '@flotilla/kit/workers';
import { limitsOfWorker } from '../config/limits.ts';
import type { Engine, EngineOptions, ListeningAddress, UpstreamCall, UpstreamCallResult } from '../engine/engine.ts';
import { identify } from '../headers/request-head.ts';
import { countedClient } from '../headers/trusted-proxies.ts';
import { HttpDates } from './client/answer-writer.ts';
import { ClientAdmission, type ConnectionPlace } from './client/client-admission.ts';
import { ClientConnection } from './client/client-connection.ts';
import { type AcceptedConnection, ClientListener, type ClientListenerOptions } from './client/client-listener.ts';
import type { ClientSettings } from './client/client-settings.ts';
import { RefusedConnections } from './client/refused-connections.ts';
import type { EngineParts } from './exchange/engine-parts.ts';
import { LongLivedExchanges } from './exchange/long-lived-exchanges.ts';
import { RequestDispatch } from './exchange/request-dispatch.ts';
import { UpstreamCallExchange } from './exchange/upstream-call-exchange.ts';
import { WaitingRequests } from './exchange/waiting-requests.ts';
import { type ReportHttp2Excess, reportHttp2Excess } from './http2/http2-excess-report.ts';
import { Http2Session } from './http2/http2-session.ts';
import { ReadMemory } from './memory/read-memory.ts';
import { type OpenFileBudget, openFileBudget } from './open-file-budget.ts';
import { TimerWheel } from './time/timer-wheel.ts';
import { TurnClock, WriteBatch } from './time/turn.ts';
import { TlsAcceptor } from './tls/tls-acceptor.ts';
import { TlsCertificate } from './tls/tls-certificate.ts';
import { http1Streams } from './upstream/http1-pool.ts';
import { connectionShares } from './upstream/pool-settings.ts';
import { type CreateStreamPool, StreamPools } from './upstream/stream-pools.ts';

/**
 * Moves the gateway's bytes on `node:net` sockets of its own.
 *
 * @param streams how upstreams are spoken to. Default: HTTP/1.1 over TCP, which every service understands
 */
export function createSocketEngine(options: EngineOptions, streams: CreateStreamPool = http1Streams()): Engine {
  return new SocketEngine(options, streams);
}

class SocketEngine implements Engine {
  readonly #clock: TurnClock;
  readonly #wheel: TimerWheel;
  readonly #streams: StreamPools;
  readonly #parts: Omit<EngineParts, 'finished'>;
  readonly #dates: HttpDates;
  readonly #listener: ClientListener;
  readonly #dispatch: RequestDispatch;
  readonly #refused: RefusedConnections;
  readonly #options: EngineOptions;
  readonly #admission: ClientAdmission;
  readonly #longLived: LongLivedExchanges;
  readonly #waiting: WaitingRequests;
  readonly #settings: Omit<ClientSettings, 'place'>;
  readonly #reportHttp2Excess: ReportHttp2Excess;
  #certificate: TlsCertificate | undefined;
  #tlsListener: ClientListener | undefined;

  constructor(options: EngineOptions, createPool: CreateStreamPool) {
    const { handler, limits: configured, metrics, timeouts, forwarding, tracer, workers } = options;
    const limits = limitsOfWorker(configured, workers);
    const files = openFileBudget(limits, options.openFiles);
    if (files.needed !== undefined) warnOfOpenFiles(options, files);
    this.#options = options;
    const clock = new TurnClock(options.clock);
    this.#clock = clock;
    const batch = new WriteBatch();
    this.#wheel = new TimerWheel(clock);
    this.#dates = new HttpDates(clock);
    const sizes = { maxHeadBytes: limits.headBytes, maxFieldLineBytes: limits.headBytes, maxFields: limits.headFields };
    this.#streams = new StreamPools(createPool, {
      wheel: this.#wheel,
      clock,
      batch,
      limits: { ...DEFAULT_RESPONSE_LIMITS, ...sizes },
      memory: new ReadMemory(),
      openFiles: files.upstreams,
      shares: connectionShares(limits),
      configured,
      idleMs: timeouts.upstreamIdleMs,
      longLivedAfterMs: timeouts.longLivedAfterMs,
      countedClient: (head) => countedClient(head, forwarding.trusted),
    });
    this.#longLived = new LongLivedExchanges(limits, configured);
    this.#waiting = new WaitingRequests(limits.waiting, configured.waiting);
    this.#parts = {
      handler,
      forwarding,
      clock,
      tracer,
      streams: this.#streams,
      longLived: this.#longLived,
      waiting: this.#waiting,
      bodyGraceMs: timeouts.bodyGraceMs,
      bodyProgressMs: timeouts.bodyProgressMs,
      writeProgressMs: timeouts.writeProgressMs,
      tunnelIdleMs: timeouts.tunnelIdleMs,
    };
    this.#admission = new ClientAdmission({ ...limits, openFiles: files.clients }, forwarding.trusted);
    this.#dispatch = new RequestDispatch(this.#parts, limits);
    this.#settings = {
      wheel: this.#wheel,
      clock,
      dates: this.#dates,
      batch,
      // Names with an underscore are dropped here, where it costs nothing.
      parserLimits: { ...DEFAULT_LIMITS, ...sizes, maxTargetBytes: limits.targetBytes, underscores: 'drop' },
      timeouts,
      scheme: 'http',
      dispatch: this.#dispatch,
      wireOf: (socket) => socket,
      ownAuthority: (socket) => `${socket.localAddress ?? 'localhost'}:${socket.localPort ?? 0}`,
    };
    this.#reportHttp2Excess = reportHttp2Excess({ clock, logger: options.logger, metrics });
    this.#refused = new RefusedConnections({
      clock,
      logger: options.logger,
      metrics,
      dates: this.#dates,
      limits: configured,
      problem: (error) => handler.problem(error, undefined, identify(tracer, undefined)),
    });
    this.#listener = this.#createListener(
      true,
      (socket, place) => new ClientConnection(socket, { ...this.#settings, place }),
    );
    this.#measure(metrics);
  }

  get activeRequests(): number {
    return this.#dispatch.active;
  }

  async listen(where: { readonly host?: string; readonly port: number }): Promise<ListeningAddress> {
    const { tls } = this.#options;
    if (tls === undefined) return this.#listener.listen(where);
    const certificate = await TlsCertificate.load(tls, this.#options.clock, this.#options.logger);
    this.#certificate = certificate;
    const acceptor = new TlsAcceptor(certificate, {
      wheel: this.#wheel,
      clock: this.#clock,
      handshakeMs: this.#options.timeouts.headMs,
      drainIdleMs: this.#options.timeouts.drainIdleMs,
      serve: (secured, socket, place) => this.#serveTls(secured, socket, place),
    });
    this.#tlsListener = this.#createListener(false, (socket, place) => acceptor.accept(socket, place));
    const secure = await this.#tlsListener.listen({ ...where, name: 'tls', port: tls.port });
    return { ...(await this.#listener.listen(where)), tlsPort: secure.port };
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.#dispatch.draining = true;
    await Promise.all([this.#listener.drain(signal), this.#tlsListener?.drain(signal)]);
  }

  close(): Promise<void> {
    this.#dispatch.draining = true;
    this.#listener.close();
    this.#tlsListener?.close();
    this.#certificate?.close();
    this.#streams.close();
    this.#wheel.close();
    return Promise.resolve();
  }

  call(call: UpstreamCall): Promise<UpstreamCallResult> {
    this.#clock.refresh();
    return new Promise((resolve) => new UpstreamCallExchange(this.#parts, this.#wheel, call, resolve).start());
  }

  #createListener(speaksHttp: boolean, accept: ClientListenerOptions['accept']): ClientListener {
    const { listen = listenAlone } = this.#options;
    const refuse: ClientListenerOptions['refuse'] = (socket, limit) => this.#refused.refuse(socket, limit, speaksHttp);
    return new ClientListener({ admission: this.#admission, listen, accept, refuse, lost: () => this.#refused.lost() });
  }

  #serveTls(secured: TLSSocket, socket: Socket, place: ConnectionPlace): AcceptedConnection {
    const settings: ClientSettings = {
      ...this.#settings,
      scheme: 'https',
      wireOf: () => socket,
      // The connection below gives it back.
      place: { ...place, release: () => undefined },
    };
    return secured.alpnProtocol === 'h2'
      ? new Http2Session(secured, settings, this.#reportHttp2Excess)
      : new ClientConnection(secured, settings);
  }

  #measure(metrics: Metrics): void {
    const clients = metrics
      .gauge({ name: 'gateway_client_connections', help: 'Open connections of clients.' })
      .labels();
    const upstreams = metrics
      .gauge({ name: 'gateway_upstream_connections', help: 'Open connections to upstreams, including idle ones.' })
      .labels();
    const longLived = metrics
      .gauge({ name: 'gateway_long_lived_exchanges', help: 'Open tunnels and streams of server-sent events.' })
      .labels();
    const waiting = metrics
      .gauge({ name: 'gateway_waiting_requests', help: 'Requests waiting for a policy.' })
      .labels();
    metrics.onCollect(() => {
      waiting.set(this.#waiting.size);
      clients.set(this.#admission.size);
      longLived.set(this.#longLived.size);
      upstreams.set(this.#streams.size);
    });
  }
}

function warnOfOpenFiles({ logger, openFiles }: EngineOptions, { clients, needed, upstreams }: OpenFileBudget): void {
  const advice = 'allow more open files (ulimit -n, LimitNOFILE), or lower "limits" in the configuration';
  logger.warn(
    { openFiles, needed, clientConnections: clients, upstreamConnections: upstreams },
    `this process may open too few files for the limits of the gateway; accepting fewer connections: ${advice}`,
  );
}
