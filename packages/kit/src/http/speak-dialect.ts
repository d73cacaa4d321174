import { AppError } from '@flotilla/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorAnswering, sendError } from './answer-errors.ts';
import { answerUnmatched } from './answer-unmatched.ts';
import type { Dialect } from './dialect.ts';
import type { HttpApp } from './http-app-type.ts';
import type { RouteMethods } from './route-methods.ts';

/** What all scopes of an app share. */
export interface SharedByScopes {
  readonly answering: ErrorAnswering;
  /** Knows the routes of all scopes. */
  readonly routes: RouteMethods;
  /** The beginning of every request, in any dialect. Throws if its head is wrong in every dialect. */
  begin(request: FastifyRequest, reply: FastifyReply): void;
}

/**
 * Makes `scope` speak `dialect`. This applies to routes that are added to the scope later, to all scopes below it, and to
 * requests for paths that do not exist.
 */
export function speakDialect(scope: HttpApp, dialect: Dialect, shared: SharedByScopes): void {
  speakOnRoutes(scope, dialect, shared);
  scope.setNotFoundHandler(() => {
    throw new AppError('ROUTE_NOT_FOUND');
  });
}

/** The same for the routes of `scope` alone: there is one answer for what does not exist, in the scope around it. */
export function speakOnRoutes(scope: HttpApp, dialect: Dialect, { answering, routes, begin }: SharedByScopes): void {
  for (const { type, read } of dialect.bodies) {
    scope.addContentTypeParser(type, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
      try {
        done(null, read(body, request));
      } catch (error) {
        done(error instanceof Error ? error : new Error('The body could not be read', { cause: error }));
      }
    });
  }
  // One hook for all: Fastify takes longer to go from one to the next than most of them need.
  scope.addHook('onRequest', (request, reply, done) => {
    try {
      begin(request, reply);
      dialect.refuse(request);
    } catch (error) {
      done(error instanceof Error ? error : new AppError('INTERNAL', { cause: error }));
      return;
    }
    if (!request.is404) return done();
    // Before the body is read: if no route takes the request, its body does not matter.
    const unmatched = answerUnmatched(request, reply, routes);
    if (unmatched !== 'answered') done(unmatched);
  });
  scope.setErrorHandler((error, request, reply) => sendError(error, request, reply, dialect, answering));
}
