import { AppError, isAppError, type KnownError, kindOf } from '@flotilla/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dialect } from './dialect.ts';
import type { HttpApp } from './http-app-type.ts';
import { mapFastifyError } from './map-fastify-error.ts';
import { pathOf } from './observe-requests.ts';
import type { RequestContexts } from './request-context.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The error to answer with, instead of INVALID_REQUEST, if the query or the path parameters are not valid. */
    readonly invalidParameters?: KnownError;
  }
}

/** What is needed to answer with an error. */
export interface ErrorAnswering {
  readonly contexts: RequestContexts;
  readonly bodyLimitBytes: number;
}

/** An unknown code is a mistake in the program, reported when the route is added rather than at its first error. */
export function checkCodesOfRoutes(app: HttpApp): void {
  app.addHook('onRoute', ({ config }) => {
    if (config?.invalidParameters !== undefined) kindOf(config.invalidParameters);
  });
}

/** Sends anything thrown as an error of `dialect`. Our own failures are logged with their cause, which the caller never sees. */
export function sendError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  dialect: Dialect,
  options: ErrorAnswering,
): void {
  const limit = request.routeOptions.bodyLimit ?? options.bodyLimitBytes;
  const error = inWordsOfTheRoute(mapFastifyError(thrown, limit, dialect.bodies), request);
  const context = options.contexts.of(request.raw);
  if (isOurFault(error.status)) context.failureCode = error.code;
  if (isOurFault(error.status))
    request.log.error({ err: isAppError(thrown) ? error : thrown, code: error.code }, 'request failed');
  else if (error.cause !== undefined) request.log.debug({ err: error }, 'request refused');
  const answer = dialect.answer(
    error,
    {
      locale: context.locale,
      instance: pathOf(request.url),
      requestId: context.requestId,
      traceId: context.trace.traceId,
    },
    request,
  );
  // After a bad body, Fastify would close the connection at once, while the caller still sends: the reset could overtake
  // the answer. Node reads the rest and drops it, at most until the server's request timeout.
  if (reply.hasHeader('connection')) reply.removeHeader('connection');
  // As bytes: Fastify would add a charset to the content type of a string, and that of a problem has none.
  // No body has no type either.
  const body = answer.body.length === 0 ? undefined : Buffer.from(answer.body);
  void reply.code(answer.status).headers(answer.headers).send(body);
}

/** 501 and 505 are about what the caller sent; an operator can do nothing about them. */
function isOurFault(status: number): boolean {
  return status >= 500 && status !== 501 && status !== 505;
}

function inWordsOfTheRoute(error: AppError, request: FastifyRequest): AppError {
  const what = request.routeOptions.config?.invalidParameters;
  if (what === undefined || !isAppError(error, 'INVALID_REQUEST') || error.fields.length === 0) return error;
  // A field of the body is a JSON pointer; parameters begin with ? or {.
  const parametersOnly = error.fields.every(({ field }) => field.startsWith('?') || field.startsWith('{'));
  return parametersOnly ? new AppError(kindOf(what), { fields: error.fields, cause: error }) : error;
}
