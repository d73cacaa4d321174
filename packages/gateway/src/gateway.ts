import { randomBytes } from 'node:crypto';
import { type Clock, type Discovery, type Locale, systemClock } from '@flotilla/contracts';
import type { RequestGuard } from '@flotilla/kit/guard';
import type { Health, OwnAddresses } from '@flotilla/kit/health';
import type { Logger } from '@flotilla/kit/logger';
import type { ProgramContext } from '@flotilla/kit/service';
import { idleTracer, type Metrics, type RenderMetrics, type Tracer } from '@flotilla/kit/telemetry';
import type { Listen } from '@flotilla/kit/workers';
import type { GatewayConfig } from './config/gateway-config.ts';
import { defaultHealthSettings } from './config/health-settings.ts';
import { defaultEngineLimits } from './config/limits.ts';
import { defaultEngineTimeouts } from './config/timeouts.ts';
import { documentRoutes } from './documents/document-routes.ts';
import type { CallContext } from './engine/call-context.ts';
import type { CreateEngine, ListeningAddress, TlsOptions } from './engine/engine.ts';
import { AccessLog } from './exchange/access-log.ts';
import { ExchangeTracing } from './exchange/exchange-tracing.ts';
import { AttemptMetrics, ExchangeMetrics, upstreamMetrics } from './exchange/gateway-metrics.ts';
import { showLimits } from './exchange/limit-metrics.ts';
import { SetAsideMetrics } from './exchange/set-aside-metrics.ts';
import { UpstreamLog } from './exchange/upstream-log.ts';
import type { RequestHead } from './headers/request-head.ts';
import { trustRanges } from './headers/trusted-proxies.ts';
import { probeByHttp } from './health/http-probe.ts';
import { localRoutes } from './local/local-routes.ts';
import { Explainer } from './operators/explain.ts';
import { type GatewayInside, gatewayPages } from './operators/gateway-pages.ts';
import { localPages } from './operators/local-pages.ts';
import { readQuestion } from './operators/question.ts';
import { routeView } from './operators/route-views.ts';
import { mergeUpstreams, type SeenUpstreams, seenUpstreams } from './operators/upstream-views.ts';
import { GatewayRequestHandler } from './request-handler.ts';
import { balancingOf } from './routes/balancing.ts';
import { compileRoutes, unavailableOf } from './routes/compile-routes.ts';
import { ServicePools } from './upstream/service-pools.ts';
import { UpstreamSet } from './upstream/upstream-set.ts';

export interface GatewayOptions {
  /** Checked by `checkGatewayConfig` before. */
  readonly config: GatewayConfig;
  /** Where instances are found. The gateway does not close it. */
  readonly discovery: Discovery;
  /** What moves the bytes. */
  readonly createEngine: CreateEngine;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Takes the spans of requests, and of all that the gateway does for them. Default: they go nowhere. */
  readonly tracer?: Tracer;
  /** What `/metrics` shows. Default: `metrics`. */
  readonly renderMetrics?: RenderMetrics;
  /**
   * How it hears what the other processes of the gateway see of the services: `describe` and `gather` of the program's
   * context. Default: it is alone.
   */
  readonly states?: Pick<ProgramContext, 'describe' | 'gather'>;
  /** Which of its own addresses it serves: `callers` where operators have their own port. Default `all`. */
  readonly addresses?: OwnAddresses;
  /** How many processes serve together, this one included; see `EngineOptions`. Default 1. */
  readonly workers?: number;
  /** How many files, sockets included, this process may have open; see `EngineOptions`. Default: not known. */
  readonly openFiles?: number;
  /** How to listen; see `EngineOptions`. */
  readonly listen?: Listen;
  /** Gets the check `discovery`. */
  readonly health: Health;
  /**
   * Refuses requests that a malicious page could make a browser send; see `createGatewayGuard`. Default: nothing is
   * refused.
   */
  readonly guard?: RequestGuard<RequestHead>;
  /** Also serve HTTPS. Default: no. */
  readonly tls?: TlsOptions;
  /** Serve `/openapi.json` and `/docs`, unless a route has them. Default true. */
  readonly documents?: boolean;
  /** The language of errors for clients that name none. Default `en`. */
  readonly defaultLocale?: Locale;
  readonly clock?: Clock;
  /** From 0 to below 1: where balancers start, and how far probes are apart. Default `Math.random`. */
  readonly random?: () => number;
  /**
   * What follows `flotilla-` in this gateway's name in `Via`: a token that all its workers share and no other gateway
   * has. A request that already contains it is in a loop and refused with 508. Default: random.
   */
  readonly viaSuffix?: string;
}

/** A gateway, ready to listen. */
export interface Gateway {
  /** What it tells operators of itself, for `gatewayPages`. */
  readonly inside: GatewayInside;
  /** Starts to accept connections. Rejects with the system's error (`EADDRINUSE` …). */
  listen(where: { readonly host?: string; readonly port: number }): Promise<ListeningAddress>;
  /** Accepts no new connections and finishes open ones; resolves when none is left, or on `signal`. */
  drain(signal: AbortSignal): Promise<void>;
  /** Cuts the remaining connections. */
  close(): Promise<void>;
}

/**
 * Builds a gateway: routes, one pool of upstreams per service, and the engine.
 *
 * @throws Error naming all problems when the configuration was not checked before
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, discovery, logger, metrics, health } = options;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const defaultLocale = options.defaultLocale ?? 'en';
  const tracer = options.tracer ?? idleTracer();
  const routes = compileRoutes(config);
  if (routes.problems.length > 0)
    throw new Error(`The gateway's configuration is not valid: ${routes.problems.join('; ')}`);
  const trusted = trustRanges(config.trustedProxies ?? []);
  const forwarding = { trusted, via: `flotilla-${options.viaSuffix ?? randomBytes(6).toString('hex')}` };
  const attempts = new AttemptMetrics(metrics);
  const upstreams = new SetAsideMetrics(metrics, new UpstreamLog(logger));
  const pools = new ServicePools(
    routes.services.map((service) => {
      const settings = { ...defaultHealthSettings, ...config.health, ...config.services?.[service]?.health };
      const watched = { health: settings, probe: probeByHttp, attempts, upstreams };
      return new UpstreamSet({ service, discovery, clock, random, ...watched });
    }),
    random,
  );
  const balancings = new Map(routes.services.map((service) => [service, balancingOf(config.services, service)]));
  upstreamMetrics(metrics, pools.sets);
  health.addCheck(discoveryCheck(pools.sets));

  const calls: CallContext = {
    // The engine needs the handler and the handler, for calls of its own, the engine.
    caller: { call: (call) => engine.call(call) },
    clock,
    logger,
    forwarding,
    placeOf(service, head, parameters) {
      const { balance, key } = balancings.get(service) ?? balancingOf(config.services, service);
      return { pool: pools.of(service, balance), key: key?.(head, parameters, trusted) };
    },
    unavailableOf: (service) => unavailableOf(config, service),
  };
  const seen = (): SeenUpstreams => seenUpstreams(pools.sets);
  options.states?.describe(seen);
  const inside: GatewayInside = {
    routes: config.routes.map((route) => routeView(route, config)),
    async upstreams(locale) {
      // What workers of the same gateway say; one of an earlier release says nothing.
      const states = (await options.states?.gather()) ?? [seen()];
      return mergeUpstreams(states as readonly SeenUpstreams[], locale);
    },
    explain: (question, locale) => explainer.explain(readQuestion(question), locale),
  };
  const addresses = options.addresses ?? 'all';
  const handler = new GatewayRequestHandler({
    routes,
    pools,
    localRoutes: [
      ...localRoutes({
        health,
        render: options.renderMetrics ?? ((accept) => metrics.render(accept)),
        addresses,
        pages: localPages(
          gatewayPages(() => inside),
          defaultLocale,
        ),
      }),
      ...(options.documents === false ? [] : documentRoutes({ config, routes, calls, defaultLocale })),
    ],
    calls,
    metrics: new ExchangeMetrics(metrics),
    accessLog: new AccessLog(logger, trusted),
    tracing: new ExchangeTracing(tracer, trusted),
    defaultLocale,
    guard: options.guard,
  });
  const explainer = new Explainer({ handler, table: routes.table, config });
  const limits = { ...defaultEngineLimits, ...config.limits };
  showLimits(metrics, limits);
  const engine = options.createEngine({
    handler,
    limits,
    workers: options.workers ?? 1,
    openFiles: options.openFiles,
    timeouts: { ...defaultEngineTimeouts, ...config.timeouts },
    forwarding,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    listen: options.listen,
    clock,
    logger,
    metrics,
    tracer,
  });
  const active = metrics.gauge({ name: 'http_server_active_requests', help: 'Requests in progress.' }).labels();
  metrics.onCollect(() => active.set(engine.activeRequests));

  return {
    inside,
    listen: (where) => engine.listen(where),
    drain: (signal) => engine.drain(signal),
    async close() {
      await engine.close();
      pools.close();
    },
  };
}

/**
 * Ready once discovery has answered about every service the routes use, be it that there is no instance. It stays so
 * when the registry goes away later: what it said last is still good to use.
 */
function discoveryCheck(sets: readonly UpstreamSet[]): Parameters<Health['addCheck']>[0] {
  return {
    name: 'discovery',
    // Costs nothing, so a start is not held up by what was true a moment ago.
    cacheMs: 0,
    check() {
      const names = sets
        .filter((set) => !set.known)
        .map((set) => set.service)
        .join(', ');
      if (names !== '') throw new Error(`The registry has not yet reported the instances of ${names}`);
    },
  };
}
