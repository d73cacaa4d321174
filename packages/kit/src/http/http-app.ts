import { AppError, type Clock, headerNames, type Locale, systemClock } from '@flotilla/contracts';
import { type FastifyReply, type FastifyRequest, type FastifyServerOptions, fastify, LogController } from 'fastify';
import type { Health, OwnAddresses } from '../health/index.ts';
import type { Logger } from '../logger/index.ts';
import { problemAnswer } from '../problem/index.ts';
import { idleTracer, type Metrics, type RenderMetrics, type Tracer } from '../telemetry/index.ts';
import { checkCodesOfRoutes, type ErrorAnswering, sendError } from './answer-errors.ts';
import { answerClientError, answerConnect } from './client-error.ts';
import type { Dialect, DialectScope } from './dialect.ts';
import { enterSpan } from './enter-span.ts';
import { toFastifyLogger } from './fastify-logger.ts';
import { mountHealthRoutes } from './health-routes.ts';
import type { HttpApp } from './http-app-type.ts';
import { observeRequests, pathOf } from './observe-requests.ts';
import { OperationList } from './operation-list.ts';
import { parseQuery } from './parse-query.ts';
import { problemDialect } from './problem-dialect.ts';
import { forgetTypeOfNoBody, readNoneAsEmpty, refuseEarly } from './refuse-early.ts';
import { type HttpGuard, refuseForeign } from './refuse-foreign.ts';
import { registerInDialect } from './register-in-dialect.ts';
import { type RequestContext, RequestContexts } from './request-context.ts';
import { createRouteMethods } from './route-methods.ts';
import { type SharedByScopes, speakDialect, speakOnRoutes } from './speak-dialect.ts';
import { compileSerializer, compileValidator } from './validate.ts';
import type { ZodTypeProvider } from './zod-type-provider.ts';

/** What {@link createHttpApp} needs. */
export interface HttpAppOptions {
  readonly logger: Logger;
  readonly health: Health;
  /** Where requests are counted. */
  readonly metrics: Metrics;
  /** The content of `/metrics`. Default: `metrics`. */
  readonly renderMetrics?: RenderMetrics;
  /**
   * Which of the common paths to serve: `callers` leaves out the metrics and the details of the probes, for a program that
   * shows them to operators elsewhere. Default `all`.
   */
  readonly addresses?: OwnAddresses;
  /** The language of messages if the caller does not ask for one. Default `en`. */
  readonly defaultLocale?: Locale;
  /** The largest body that is accepted; routes may set their own `bodyLimit`. Default 1 MiB: records are small. */
  readonly bodyLimitBytes?: number;
  readonly clock?: Clock;
  /** Takes the spans of requests. Default: there are none. */
  readonly tracer?: Tracer;
  /** Refuses requests that a foreign page could make a browser send. Default: none are refused. */
  readonly guard?: HttpGuard;
}

/**
 * Time limits of a connection. `requestMs` covers head and body together, `headersMs` the head. `keepAliveMs` is longer than
 * clients (the gateway: 4 s) keep an idle connection, so that clients close it: a server that closes first may do so just
 * when a request is on its way.
 */
const timeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 65_000, checkEveryMs: 1_000 } as const;

/**
 * Passed to Fastify when it is created rather than set later: otherwise it loads Ajv and fast-json-stringify, 90 modules that
 * we do not use. Its types only know the factories of those two, hence the cast.
 */
const zodSchemas = {
  compilersFactory: { buildValidator: () => compileValidator, buildSerializer: () => compileSerializer },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>;

/**
 * A Fastify app with everything that a service needs: strict input, problem answers, request ids, traces, logs, metrics,
 * probes, 405 with `Allow`. Add routes and plugins as to any Fastify app.
 *
 * `app` is the scope of our own dialect. Others exist beside it: see `app.dialects`. It is returned in an object because a promise
 * of the app itself would resolve to the root of all scopes.
 */
export async function createHttpApp(options: HttpAppOptions): Promise<{ readonly app: HttpApp }> {
  const clock = options.clock ?? systemClock;
  const defaultLocale = options.defaultLocale ?? 'en';
  const bodyLimitBytes = options.bodyLimitBytes ?? 1_048_576;
  const tracer = options.tracer ?? idleTracer();
  const contexts = new RequestContexts(defaultLocale, clock, tracer);
  const answering: ErrorAnswering = { contexts, bodyLimitBytes };
  const render = options.renderMetrics ?? ((accept) => options.metrics.render(accept));
  const others: DialectScope[] = [];
  const root: HttpApp = fastify({
    // Without our logger: Fastify would follow each answer to its end, for a line that `observeRequests` writes, and check
    // each time whether a request's logger has all its methods. `identify` sets one.
    logger: false,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (raw) => contexts.of(raw).requestId,
    bodyLimit: bodyLimitBytes,
    schemaController: zodSchemas,
    // Accepted requests are answered, even while the program stops.
    return503OnClosing: false,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    http: {
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkEveryMs,
      requireHostHeader: false,
      // Nobody has to read a request without a body to its end; that took a tenth of its cost.
      optimizeEmptyRequests: true,
    },
    // The routes' schemas check parameters and name the field; the length of the URL is limited elsewhere.
    routerOptions: { querystringParser: parseQuery, maxParamLength: 16_384 },
    // A path that cannot be decoded has no route, and so no scope.
    frameworkErrors(error, request, reply) {
      observe(request, reply);
      identify(request, reply, contexts.of(request.raw), options.logger);
      sendError(error, request, reply, dialectOf(others, pathOf(request.url)), answering);
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, defaultLocale),
  }).withTypeProvider<ZodTypeProvider>();

  root.log = toFastifyLogger(options.logger);
  root.removeAllContentTypeParsers();
  checkCodesOfRoutes(root);
  const routes = createRouteMethods();
  root.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) routes.add(method, route.url);
    if (route.schema?.body !== undefined) route.preParsing = [route.preParsing ?? [], readNoneAsEmpty].flat();
    if (tracer.enabled) {
      // Of the route, which costs a request less than to ask for its settings.
      const enter = enterSpan(contexts, route.config?.requestLogLevel === 'debug');
      route.preValidation = [enter, route.preValidation ?? []].flat();
    }
  });
  const observe = observeRequests({ ...options, clock, tracer });
  const shared: SharedByScopes = {
    answering,
    routes,
    begin(request, reply) {
      observe(request, reply);
      identify(request, reply, contexts.of(request.raw), options.logger);
      // `Connection: close`: callers then send their next request to another instance.
      if (options.health.ending) reply.raw.shouldKeepAlive = false;
      if (options.guard !== undefined) refuseForeign(options.guard, request);
      refuseEarly(request);
      forgetTypeOfNoBody(request);
    },
  };
  root.server.on('connect', (_request, socket) => answerConnect(socket, defaultLocale));
  root.server.on('checkExpectation', (request, response) => {
    const { requestId, locale } = contexts.of(request);
    const answer = problemAnswer(new AppError('EXPECTATION_FAILED'), { locale, requestId }, request.headers.accept);
    response.writeHead(answer.status, { ...answer.headers, connection: 'close' }).end(answer.body);
  });

  root.decorate('operations', new OperationList(routes));
  root.decorate('dialects', {
    add({ prefix, dialect }, addRoutes) {
      others.push({ prefix, dialect });
      void root.register(
        async (scope) => {
          speakDialect(scope, dialect, shared);
          await addRoutes(scope);
        },
        { prefix },
      );
    },
  });
  const ours = Promise.withResolvers<{ readonly app: HttpApp }>();
  await root.register((scope, _options, done) => {
    speakDialect(scope, problemDialect, shared);
    registerInDialect(root, scope, (child) => speakOnRoutes(child, problemDialect, shared));
    mountHealthRoutes(scope, options.health, options.addresses ?? 'all', render);
    ours.resolve({ app: scope });
    done();
  });
  return ours.promise;
}

/** Adds a request's ids to its answer and its log lines. */
function identify(request: FastifyRequest, reply: FastifyReply, context: RequestContext, logger: Logger): void {
  // Among Fastify's headers: as soon as Node's response has one of its own, it checks every header separately.
  reply.header(headerNames.requestId, context.requestId).header(headerNames.traceId, context.trace.traceId);
  request.log = toFastifyLogger(logger, context);
  reply.log = request.log;
}

function dialectOf(others: readonly DialectScope[], path: string): Dialect {
  const other = others.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  return other?.dialect ?? problemDialect;
}
