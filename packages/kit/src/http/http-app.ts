import { AppError, type Clock, headerNames, type Locale, systemClock } from '@flotilla/contracts';
import { type FastifyServerOptions, fastify, LogController } from 'fastify';
import type { Health } from '../health/index.ts';
import type { Logger } from '../logger/index.ts';
import { problemAnswer } from '../problem/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import { answerErrors, type ErrorAnswering, sendProblem } from './answer-errors.ts';
import { answerUnmatched } from './answer-unmatched.ts';
import { answerClientError, answerConnect } from './client-error.ts';
import { toFastifyLogger } from './fastify-logger.ts';
import { mountHealthRoutes } from './health-routes.ts';
import type { HttpApp } from './http-app-type.ts';
import { observeRequests } from './observe-requests.ts';
import { parseJson } from './parse-json.ts';
import { parseQuery } from './parse-query.ts';
import { checkCharset, forgetTypeOfNoBody, refuseEarly } from './refuse-early.ts';
import { type HttpGuard, refuseForeign } from './refuse-foreign.ts';
import { RequestContexts } from './request-context.ts';
import { createRouteMethods } from './route-methods.ts';
import { compileSerializer, compileValidator } from './validate.ts';
import type { ZodTypeProvider } from './zod-type-provider.ts';

/** What {@link createHttpApp} needs. */
export interface HttpAppOptions {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** The language of messages when the caller names none. Default `en`. */
  readonly defaultLocale?: Locale;
  /** The largest body that is read; routes may set their own `bodyLimit`. Default 1 MiB: records are small. */
  readonly bodyLimitBytes?: number;
  readonly clock?: Clock;
  /** Refuses what a page of a stranger could make a browser send. Default: nothing is refused for that. */
  readonly guard?: HttpGuard;
}

/**
 * Bounds on how long a connection may take. `requestMs` covers head and body together, `headersMs` the head.
 * `keepAliveMs` is longer than what clients (the gateway: 4 s) keep an idle connection, so it is them who close: a
 * server that closes first may do so just when a request is on its way.
 */
const timeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 65_000, checkEveryMs: 1_000 } as const;

/**
 * Given to Fastify when it is made and not set later: otherwise it loads Ajv and fast-json-stringify, 90 modules that
 * nobody here uses. Its types know only those two's factories, hence the cast.
 */
const zodSchemas = {
  compilersFactory: { buildValidator: () => compileValidator, buildSerializer: () => compileSerializer },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>;

/**
 * A Fastify app with all that every service wants: strict input, problem answers, request ids, traces, logs, metrics,
 * probes, 405 with `Allow`. Routes and plugins are added as to any Fastify app.
 */
export function createHttpApp(options: HttpAppOptions): HttpApp {
  const clock = options.clock ?? systemClock;
  const defaultLocale = options.defaultLocale ?? 'en';
  const bodyLimitBytes = options.bodyLimitBytes ?? 1_048_576;
  const contexts = new RequestContexts(defaultLocale, clock);
  const answering: ErrorAnswering = { contexts, bodyLimitBytes };
  const app: HttpApp = fastify({
    loggerInstance: toFastifyLogger(() => options.logger),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (raw) => contexts.of(raw).requestId,
    childLoggerFactory: (_logger, _bindings, _childOptions, raw) => {
      const { requestId, trace } = contexts.of(raw);
      return toFastifyLogger(() => options.logger.child({ requestId, traceId: trace.traceId }));
    },
    bodyLimit: bodyLimitBytes,
    schemaController: zodSchemas,
    // Requests that were accepted are answered, also while the program stops.
    return503OnClosing: false,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    http: {
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkEveryMs,
      requireHostHeader: false,
    },
    // Parameters are judged by the routes' schemas, which name the field; the URL as a whole is bounded elsewhere.
    routerOptions: { querystringParser: parseQuery, maxParamLength: 16_384 },
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply, answering),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, defaultLocale),
  }).withTypeProvider<ZodTypeProvider>();

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      checkCharset(request.headers['content-type']);
      // Announced by Transfer-Encoding, and then nothing came: for a route that takes no body that is as it should be.
      const nothing = body.length === 0 && request.routeOptions.schema?.body === undefined;
      done(null, nothing ? undefined : parseJson(body, request.routeOptions.config?.maxJsonDepth));
    } catch (error) {
      done(error instanceof Error ? error : new Error('The body could not be read', { cause: error }));
    }
  });
  answerErrors(app, answering);
  const routes = createRouteMethods();
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) routes.add(method, route.url);
  });
  observeRequests(app, options.logger, options.metrics, clock);
  identifyAnswers(app, options.health, answering, options.guard);
  answerUnmatched(app, routes);
  app.server.on('connect', (_request, socket) => answerConnect(socket, defaultLocale));
  app.server.on('checkExpectation', (request, response) => {
    const { requestId, locale } = contexts.of(request);
    const answer = problemAnswer(new AppError('EXPECTATION_FAILED'), { locale, requestId }, request.headers.accept);
    response.writeHead(answer.status, { ...answer.headers, connection: 'close' }).end(answer.body);
  });
  mountHealthRoutes(app, options.health, options.metrics);
  return app;
}

/** Puts the ids on every answer and refuses what the head alone shows to be wrong. */
function identifyAnswers(app: HttpApp, health: Health, answering: ErrorAnswering, guard: HttpGuard | undefined): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { requestId, trace } = answering.contexts.of(request.raw);
    // On Node's response, so that handlers which write to it themselves (event streams) have them too.
    reply.raw.setHeader(headerNames.requestId, requestId);
    reply.raw.setHeader(headerNames.traceId, trace.traceId);
    try {
      if (guard !== undefined) refuseForeign(guard, request);
      refuseEarly(request);
      forgetTypeOfNoBody(request);
    } catch (error) {
      done(error instanceof Error ? error : new AppError('INTERNAL', { cause: error }));
      return;
    }
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // Callers then take their next request to another instance.
    if (health.state === 'draining') reply.header('connection', 'close');
    done(null, payload);
  });
}
